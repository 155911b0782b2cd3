// Field tables of volumes, claims and persistent volumes. Sources without influence are 'any'.
// Source: k8s.io/api core/v1, 1.37.

import { each, fields, list } from '../shape.ts';
import { labelSelector, nodeSelector, objectMeta, resourceList, stringMap, strings } from './meta.ts';

const ANY_SOURCES =
  'nfs glusterfs fc flocker azureFile cephfs flexVolume quobyte photonPersistentDisk portworxVolume scaleIO storageos vsphereVolume azureDisk cinder';

const disk = { ...each('string', 'fsType'), partition: 'int', readOnly: 'boolean' } as const;
const typedReference = each('string', 'apiGroup kind name');

const sharedSources = {
  ...each('any', ANY_SOURCES),
  hostPath: fields(each('string', 'path type')),
  gcePersistentDisk: fields({ ...disk, pdName: 'string' }),
  awsElasticBlockStore: fields({ ...disk, volumeID: 'string' }),
  iscsi: fields({
    ...each('string', 'targetPortal iqn iscsiInterface fsType initiatorName'),
    ...each('boolean', 'readOnly chapAuthDiscovery chapAuthSession'),
    lun: 'int',
    portals: strings,
    secretRef: 'any',
  }),
  rbd: fields({
    ...each('string', 'image pool user keyring fsType'),
    monitors: strings,
    readOnly: 'boolean',
    secretRef: 'any',
  }),
} as const;

export const claimSpec = fields({
  ...each(strings, 'accessModes'),
  ...each('string', 'storageClassName volumeName volumeMode volumeAttributesClassName'),
  resources: fields(each(resourceList, 'requests limits')),
  selector: labelSelector,
  dataSource: fields(typedReference),
  dataSourceRef: fields({ ...typedReference, namespace: 'string' }),
});

export const volume = fields({
  ...sharedSources,
  name: 'string',
  emptyDir: fields({ medium: 'string', sizeLimit: 'quantity' }),
  persistentVolumeClaim: fields({ claimName: 'string', readOnly: 'boolean' }),
  ephemeral: fields({ volumeClaimTemplate: fields({ metadata: objectMeta, spec: claimSpec }) }),
  configMap: fields({ name: 'string', items: 'any', defaultMode: 'int', optional: 'boolean' }),
  secret: fields({ secretName: 'string', items: 'any', defaultMode: 'int', optional: 'boolean' }),
  projected: fields({ sources: list('any'), defaultMode: 'int' }),
  image: fields(each('string', 'reference pullPolicy')),
  csi: fields({
    ...each('string', 'driver fsType'),
    readOnly: 'boolean',
    volumeAttributes: stringMap,
    nodePublishSecretRef: 'any',
  }),
  ...each('any', 'downwardAPI gitRepo'),
});

/** Names of a pod volume's sources: everything but its name. */
export const VOLUME_SOURCES: ReadonlySet<string> = new Set(
  typeof volume === 'object' && 'fields' in volume
    ? [...volume.fields.keys()].filter((name) => name !== 'name')
    : [],
);

const persistentSources = {
  ...sharedSources,
  local: fields(each('string', 'path fsType')),
  csi: fields({
    ...each('string', 'driver volumeHandle fsType'),
    readOnly: 'boolean',
    volumeAttributes: stringMap,
    ...each(
      'any',
      'controllerPublishSecretRef nodeStageSecretRef nodePublishSecretRef controllerExpandSecretRef nodeExpandSecretRef',
    ),
  }),
};

export const PERSISTENT_SOURCES: readonly string[] = Object.keys(persistentSources);

export const persistentVolumeSpec = fields({
  ...persistentSources,
  capacity: resourceList,
  ...each(strings, 'accessModes mountOptions'),
  claimRef: fields(each('string', 'apiVersion kind namespace name uid resourceVersion fieldPath')),
  ...each('string', 'persistentVolumeReclaimPolicy storageClassName volumeMode volumeAttributesClassName'),
  nodeAffinity: fields({ required: nodeSelector }),
});
