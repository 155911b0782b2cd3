// Field tables of pods and their templates. Source: k8s.io/api core/v1, 1.37.

import { each, fields, list } from '../shape.ts';
import { container, ephemeralContainer, resources } from './container.ts';
import {
  labelSelector,
  nodeSelector,
  nodeSelectorTerm,
  objectBase,
  objectMeta,
  resourceList,
  stringMap,
  strings,
} from './meta.ts';
import { volume } from './volume.ts';

const podAffinityTerm = fields({
  ...each(labelSelector, 'labelSelector namespaceSelector'),
  ...each(strings, 'namespaces matchLabelKeys mismatchLabelKeys'),
  topologyKey: 'string',
});

const podAffinity = fields({
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(fields({ weight: 'int', podAffinityTerm })),
});

const affinity = fields({
  nodeAffinity: fields({
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector,
    preferredDuringSchedulingIgnoredDuringExecution: list(
      fields({ weight: 'int', preference: nodeSelectorTerm }),
    ),
  }),
  ...each(podAffinity, 'podAffinity podAntiAffinity'),
});

export const toleration = fields({
  ...each('string', 'key operator value effect'),
  tolerationSeconds: 'int',
});

const topologySpreadConstraint = fields({
  ...each('int', 'maxSkew minDomains'),
  ...each('string', 'topologyKey whenUnsatisfiable nodeAffinityPolicy nodeTaintsPolicy'),
  labelSelector,
  matchLabelKeys: strings,
});

export const podSpec = fields({
  ...each(list(container), 'containers initContainers'),
  ephemeralContainers: list(ephemeralContainer),
  volumes: list(volume),
  ...each('string', 'restartPolicy dnsPolicy nodeName serviceAccountName serviceAccount hostname subdomain'),
  ...each('string', 'schedulerName priorityClassName preemptionPolicy runtimeClassName hostnameOverride'),
  ...each('int', 'terminationGracePeriodSeconds activeDeadlineSeconds priority'),
  ...each('boolean', 'automountServiceAccountToken hostNetwork hostPID hostIPC shareProcessNamespace'),
  ...each('boolean', 'enableServiceLinks setHostnameAsFQDN hostUsers'),
  ...each('any', 'securityContext hostAliases dnsConfig workloadRef schedulingGroup'),
  imagePullSecrets: list(fields({ name: 'string' })),
  nodeSelector: stringMap,
  affinity,
  tolerations: list(toleration),
  readinessGates: list(fields({ conditionType: 'string' })),
  schedulingGates: list(fields({ name: 'string' })),
  overhead: resourceList,
  topologySpreadConstraints: list(topologySpreadConstraint),
  os: fields({ name: 'string' }),
  resourceClaims: list(fields(each('string', 'name resourceClaimName resourceClaimTemplateName'))),
  resources,
});

export const podTemplate = fields({ metadata: objectMeta, spec: podSpec });

export const podShapes = {
  Pod: fields({ spec: podSpec }, objectBase),
  PodTemplate: fields({ template: podTemplate }, objectBase),
};
