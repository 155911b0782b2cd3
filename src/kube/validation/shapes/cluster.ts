// Field tables of nodes, services, storage and configuration kinds. Source: k8s.io/api, 1.37.

import { each, fields, list } from '../shape.ts';
import { labelSelector, objectBase, objectMeta, resourceList, stringMap, strings } from './meta.ts';
import { toleration } from './pod.ts';
import { claimSpec, persistentVolumeSpec } from './volume.ts';

const taint = fields(each('string', 'key value effect timeAdded'));

const nodeStatus = fields({
  ...each(resourceList, 'capacity allocatable'),
  images: list(fields({ names: strings, sizeBytes: 'int' })),
  conditions: list('any'),
  ...each(
    'any',
    'phase addresses daemonEndpoints nodeInfo volumesInUse volumesAttached config runtimeHandlers',
  ),
  ...each('any', 'features declaredFeatures'),
});

const node = {
  Node: fields(
    {
      spec: fields({
        ...each('string', 'podCIDR providerID externalID'),
        podCIDRs: strings,
        unschedulable: 'boolean',
        taints: list(taint),
        configSource: 'any',
      }),
      status: nodeStatus,
    },
    objectBase,
  ),
  RuntimeClass: fields(
    {
      handler: 'string',
      overhead: fields({ podFixed: resourceList }),
      scheduling: fields({ nodeSelector: stringMap, tolerations: list(toleration) }),
    },
    objectBase,
  ),
  Lease: fields(
    {
      spec: fields({
        ...each('string', 'holderIdentity acquireTime renewTime strategy preferredHolder'),
        ...each('int', 'leaseDurationSeconds leaseTransitions'),
      }),
    },
    objectBase,
  ),
};

const servicePort = fields({
  ...each('string', 'name protocol appProtocol'),
  ...each('int', 'port nodePort'),
  targetPort: 'intOrString',
});

const service = {
  Service: fields(
    {
      spec: fields({
        ...each(
          'string',
          'type clusterIP externalName sessionAffinity externalTrafficPolicy internalTrafficPolicy',
        ),
        ...each('string', 'loadBalancerIP ipFamilyPolicy loadBalancerClass trafficDistribution'),
        ...each(strings, 'clusterIPs externalIPs loadBalancerSourceRanges ipFamilies'),
        ...each('boolean', 'publishNotReadyAddresses allocateLoadBalancerNodePorts'),
        healthCheckNodePort: 'int',
        sessionAffinityConfig: 'any',
        selector: stringMap,
        ports: list(servicePort),
      }),
    },
    objectBase,
  ),
  EndpointSlice: fields(
    {
      addressType: 'string',
      endpoints: list(
        fields({
          addresses: strings,
          conditions: fields(each('boolean', 'ready serving terminating')),
          ...each('string', 'hostname nodeName zone'),
          ...each('any', 'targetRef deprecatedTopology hints'),
        }),
      ),
      ports: list(fields({ ...each('string', 'name protocol appProtocol'), port: 'int' })),
    },
    objectBase,
  ),
};

const storage = {
  PersistentVolume: fields({ spec: persistentVolumeSpec }, objectBase),
  PersistentVolumeClaim: fields({ spec: claimSpec }, objectBase),
  StorageClass: fields(
    {
      ...each('string', 'provisioner reclaimPolicy volumeBindingMode'),
      parameters: stringMap,
      mountOptions: strings,
      allowVolumeExpansion: 'boolean',
      allowedTopologies: list(
        fields({ matchLabelExpressions: list(fields({ key: 'string', values: strings })) }),
      ),
    },
    objectBase,
  ),
  CSINode: fields(
    {
      spec: fields({
        drivers: list(
          fields({
            ...each('string', 'name nodeID'),
            topologyKeys: strings,
            allocatable: fields({ count: 'int' }),
          }),
        ),
      }),
    },
    objectBase,
  ),
  CSIDriver: fields(
    {
      spec: fields({
        ...each('boolean', 'attachRequired podInfoOnMount storageCapacity requiresRepublish seLinuxMount'),
        ...each('boolean', 'serviceAccountTokenInSecrets preventPodSchedulingIfMissing'),
        fsGroupPolicy: 'string',
        volumeLifecycleModes: strings,
        tokenRequests: 'any',
        nodeAllocatableUpdatePeriodSeconds: 'int',
      }),
    },
    objectBase,
  ),
  CSIStorageCapacity: fields(
    {
      storageClassName: 'string',
      nodeTopology: labelSelector,
      ...each('quantity', 'capacity maximumVolumeSize'),
    },
    objectBase,
  ),
  VolumeAttachment: fields(
    {
      spec: fields({
        ...each('string', 'attacher nodeName'),
        source: fields({ persistentVolumeName: 'string', inlineVolumeSpec: persistentVolumeSpec }),
      }),
    },
    objectBase,
  ),
};

const config = {
  Namespace: fields({ spec: fields({ finalizers: strings }) }, objectBase),
  ConfigMap: fields({ ...each(stringMap, 'data binaryData'), immutable: 'boolean' }, objectBase),
  Secret: fields({ type: 'string', ...each(stringMap, 'data stringData'), immutable: 'boolean' }, objectBase),
  ServiceAccount: fields(
    { ...each('any', 'secrets imagePullSecrets'), automountServiceAccountToken: 'boolean' },
    objectBase,
  ),
  ControllerRevision: fields({ data: 'any', revision: 'int', metadata: objectMeta }, objectBase),
};

export const clusterShapes = { ...node, ...service, ...storage, ...config };
