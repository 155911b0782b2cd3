// The kinds that are known: how the API names them and whether anything here simulates them. A kind that is not
// listed (or whose `modelled` is false) is accepted in manifests and told once as ignored.
// Source: the API resource list of Kubernetes 1.37.

import { nearestName } from '../base/nearest.ts';

export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  /** The served versions, preferred one first. */
  readonly apiVersions: readonly string[];
  readonly isNamespaced: boolean;
  readonly isModelled: boolean;
  /** What of the simulator it concerns. */
  readonly family: Family;
}

export type Family =
  | 'pod'
  | 'workload'
  | 'node'
  | 'service'
  | 'storage'
  | 'policy'
  | 'config'
  | 'record'
  | 'access';

const CLUSTER = { isNamespaced: false };
const IGNORED = { isModelled: false };

function define(
  family: Family,
  kind: string,
  plural: string,
  short: string,
  apiVersions: string,
  more: Partial<Kind> = {},
): Kind {
  return {
    kind,
    plural,
    shortNames: short ? short.split(' ') : [],
    apiVersions: apiVersions.split(' '),
    isNamespaced: true,
    isModelled: true,
    family,
    ...more,
  };
}

export const KINDS: readonly Kind[] = [
  define('pod', 'Pod', 'pods', 'po', 'v1'),
  define('workload', 'ReplicationController', 'replicationcontrollers', 'rc', 'v1'),
  define('workload', 'ReplicaSet', 'replicasets', 'rs', 'apps/v1'),
  define('workload', 'Deployment', 'deployments', 'deploy', 'apps/v1'),
  define('workload', 'StatefulSet', 'statefulsets', 'sts', 'apps/v1'),
  define('workload', 'DaemonSet', 'daemonsets', 'ds', 'apps/v1'),
  define('workload', 'Job', 'jobs', '', 'batch/v1'),
  define('workload', 'CronJob', 'cronjobs', 'cj', 'batch/v1'),
  define('workload', 'PodTemplate', 'podtemplates', '', 'v1'),
  define('record', 'ControllerRevision', 'controllerrevisions', '', 'apps/v1'),
  define('node', 'Node', 'nodes', 'no', 'v1', CLUSTER),
  define('node', 'RuntimeClass', 'runtimeclasses', '', 'node.k8s.io/v1', CLUSTER),
  define('node', 'Lease', 'leases', '', 'coordination.k8s.io/v1'),
  define('service', 'Service', 'services', 'svc', 'v1'),
  define('service', 'EndpointSlice', 'endpointslices', '', 'discovery.k8s.io/v1'),
  define('storage', 'PersistentVolume', 'persistentvolumes', 'pv', 'v1', CLUSTER),
  define('storage', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc', 'v1'),
  define('storage', 'StorageClass', 'storageclasses', 'sc', 'storage.k8s.io/v1', CLUSTER),
  define('storage', 'CSINode', 'csinodes', '', 'storage.k8s.io/v1', CLUSTER),
  define('storage', 'CSIDriver', 'csidrivers', '', 'storage.k8s.io/v1', CLUSTER),
  define('storage', 'CSIStorageCapacity', 'csistoragecapacities', '', 'storage.k8s.io/v1'),
  define('storage', 'VolumeAttachment', 'volumeattachments', '', 'storage.k8s.io/v1', CLUSTER),
  define('policy', 'PriorityClass', 'priorityclasses', 'pc', 'scheduling.k8s.io/v1', CLUSTER),
  define('policy', 'PodDisruptionBudget', 'poddisruptionbudgets', 'pdb', 'policy/v1'),
  define(
    'policy',
    'HorizontalPodAutoscaler',
    'horizontalpodautoscalers',
    'hpa',
    'autoscaling/v2 autoscaling/v1',
    IGNORED,
  ),
  define('policy', 'ResourceQuota', 'resourcequotas', 'quota', 'v1'),
  define('policy', 'LimitRange', 'limitranges', 'limits', 'v1'),
  define('config', 'Namespace', 'namespaces', 'ns', 'v1', CLUSTER),
  define('config', 'ConfigMap', 'configmaps', 'cm', 'v1'),
  define('config', 'Secret', 'secrets', '', 'v1'),
  define('config', 'ServiceAccount', 'serviceaccounts', 'sa', 'v1'),
  define('record', 'Event', 'events', 'ev', 'v1 events.k8s.io/v1'),
  define('service', 'Endpoints', 'endpoints', 'ep', 'v1', IGNORED),
  define('service', 'Ingress', 'ingresses', 'ing', 'networking.k8s.io/v1', IGNORED),
  define('service', 'IngressClass', 'ingressclasses', '', 'networking.k8s.io/v1', { ...IGNORED, ...CLUSTER }),
  define('service', 'NetworkPolicy', 'networkpolicies', 'netpol', 'networking.k8s.io/v1', IGNORED),
  define('access', 'Role', 'roles', '', 'rbac.authorization.k8s.io/v1', IGNORED),
  define('access', 'RoleBinding', 'rolebindings', '', 'rbac.authorization.k8s.io/v1', IGNORED),
  define('access', 'ClusterRole', 'clusterroles', '', 'rbac.authorization.k8s.io/v1', {
    ...IGNORED,
    ...CLUSTER,
  }),
  define('access', 'ClusterRoleBinding', 'clusterrolebindings', '', 'rbac.authorization.k8s.io/v1', {
    ...IGNORED,
    ...CLUSTER,
  }),
];

/** Groups that kinds of the table lived in once: another version there is a removed API, not somebody's own kind. */
const FORMER_GROUPS = new Set(['extensions', 'events.k8s.io', 'apps', 'batch', 'policy', 'autoscaling']);

const BY_KIND = new Map(KINDS.map((kind) => [kind.kind, kind]));
const BY_NAME = new Map(
  KINDS.flatMap((kind) =>
    [kind.kind.toLowerCase(), kind.plural, ...kind.shortNames].map((name) => [name, kind] as const),
  ),
);

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** What an object's apiVersion and kind amount to. `removed`: a version the API no longer serves. */
export type KindLookup =
  | { readonly status: 'known'; readonly kind: Kind }
  | { readonly status: 'removed'; readonly kind: Kind }
  | { readonly status: 'foreign' };

/** Finds the kind of an object; one of another API group that shares a name is foreign. */
export function lookupKind(apiVersion: string, kindName: string): KindLookup {
  const kind = BY_KIND.get(kindName);
  if (!kind) return { status: 'foreign' };
  if (kind.apiVersions.includes(apiVersion)) return { status: 'known', kind };
  const group = groupOf(apiVersion);
  const isFormer = FORMER_GROUPS.has(group) || kind.apiVersions.some((version) => groupOf(version) === group);
  return isFormer ? { status: 'removed', kind } : { status: 'foreign' };
}

/** The kind by any of kubectl's names for it: `deploy`, `deployment`, `deployments`, `Deployment`. */
export function kindByName(name: string): Kind | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The known kind whose name is close to a mistyped one. */
export function nearestKind(kindName: string): string | undefined {
  return BY_KIND.has(kindName) ? undefined : nearestName(kindName, BY_KIND.keys());
}
