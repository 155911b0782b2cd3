// The API's defaults of fields of other kinds, as far as the controllers read them.
// Source: pkg/apis/{apps,batch,policy,core}/v1/defaults.go, 1.37.

import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  KubeObject,
  LabelSelector,
  Node,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../kube/types.ts';

const TAINT_NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

function deployment(object: Deployment): Deployment {
  const { spec } = object;
  const type = spec.strategy?.type ?? 'RollingUpdate';
  const rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy?.rollingUpdate };
  return {
    ...object,
    spec: {
      replicas: 1,
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...spec,
      strategy: type === 'RollingUpdate' ? { type, rollingUpdate } : { type },
    },
  };
}

function replicaSet(object: ReplicaSet): ReplicaSet {
  const { spec } = object;
  const selector: LabelSelector = spec.selector ?? { matchLabels: spec.template.metadata?.labels ?? {} };
  return { ...object, spec: { replicas: 1, minReadySeconds: 0, ...spec, selector } };
}

function replicationController(object: ReplicationController): ReplicationController {
  const { spec } = object;
  const selector = spec?.selector ?? spec?.template?.metadata?.labels ?? {};
  return { ...object, spec: { replicas: 1, minReadySeconds: 0, ...spec, selector } };
}

function statefulSet(object: StatefulSet): StatefulSet {
  const { spec } = object;
  const type = spec.updateStrategy?.type ?? 'RollingUpdate';
  const rollingUpdate = { partition: 0, ...spec.updateStrategy?.rollingUpdate };
  return {
    ...object,
    spec: {
      replicas: 1,
      minReadySeconds: 0,
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      ...spec,
      updateStrategy: type === 'RollingUpdate' ? { type, rollingUpdate } : { type },
    },
  };
}

function daemonSet(object: DaemonSet): DaemonSet {
  const { spec } = object;
  const type = spec.updateStrategy?.type ?? 'RollingUpdate';
  const rollingUpdate = { maxSurge: 0, maxUnavailable: 1, ...spec.updateStrategy?.rollingUpdate };
  return {
    ...object,
    spec: {
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      ...spec,
      updateStrategy: type === 'RollingUpdate' ? { type, rollingUpdate } : { type },
    },
  };
}

/** Completions stay open only when parallelism is given alone: a work queue. */
function jobSpec(spec: Job['spec']): Job['spec'] {
  const both = spec.completions === undefined && spec.parallelism === undefined;
  return {
    completionMode: 'NonIndexed',
    suspend: false,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
    ...spec,
    parallelism: spec.parallelism ?? 1,
    ...(both && { completions: 1 }),
  };
}

function cronJob(object: CronJob): CronJob {
  return {
    ...object,
    spec: {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      ...object.spec,
    },
  };
}

/** Kinds that are created with their status: it says what the outside world is like. */
const WITH_STATUS = new Set(['Node', 'PersistentVolume', 'PersistentVolumeClaim', 'VolumeAttachment']);

/** TaintNodesByCondition: a new node starts out not ready. Deviation: not when its status says that it is ready. */
function newNode(node: Node): Node {
  const taints = node.spec?.taints ?? [];
  const isReady = node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  if (isReady || taints.some(({ key }) => key === TAINT_NOT_READY.key)) return node;
  return { ...node, spec: { ...node.spec, taints: [...taints, TAINT_NOT_READY] } };
}

function newNamespace(object: KubeObject): KubeObject {
  const { labels, finalizers = [], name } = object.metadata;
  const metadata = {
    ...object.metadata,
    labels: { ...labels, 'kubernetes.io/metadata.name': name ?? '' },
    finalizers: [...finalizers, 'kubernetes'],
  };
  return { ...object, metadata, status: { phase: 'Active' } } as KubeObject;
}

/** StorageObjectInUseProtection. */
function withFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

/** What creation does besides the defaults: a status is not the user's to give. */
export function newObject(object: KubeObject): KubeObject {
  if (object.kind === 'Node') return newNode(object as Node);
  if (object.kind === 'Namespace') return newNamespace(object);
  if (object.kind === 'PersistentVolumeClaim') return withFinalizer(object, 'kubernetes.io/pvc-protection');
  if (!('status' in object) || WITH_STATUS.has(object.kind)) return object;
  const { status: _, ...rest } = object;
  return rest as KubeObject;
}

/** The object with the defaults of its kind filled in. */
export function defaultObject(object: KubeObject): KubeObject {
  switch (object.kind) {
    case 'Deployment':
      return deployment(object as Deployment);
    case 'ReplicaSet':
      return replicaSet(object as ReplicaSet);
    case 'ReplicationController':
      return replicationController(object as ReplicationController);
    case 'StatefulSet':
      return statefulSet(object as StatefulSet);
    case 'DaemonSet':
      return daemonSet(object as DaemonSet);
    case 'Job':
      return { ...object, spec: jobSpec((object as Job).spec) } as Job;
    case 'CronJob':
      return cronJob(object as CronJob);
    default:
      return object;
  }
}
