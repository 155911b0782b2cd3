/** What a timeline records of an object, by kind: the same fields in the same form as the recording program. */
import { compareStrings } from '../base/orders.ts';
import type { PodObject } from './pod-object.ts';
import type {
  Condition,
  CronJob,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Job,
  KubeObject,
  Node,
  PodDisruptionBudget,
  ReplicaSet,
  StatefulSet,
} from './types.ts';

export type Row = Readonly<Record<string, unknown>>;

const SERVICE_LABEL = 'kubernetes.io/service-name';

function conditionOf(
  { conditions = [] }: { readonly conditions?: readonly Condition[] },
  type: string,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function podRow(pod: PodObject): Row {
  const { owner } = pod;
  return {
    name: pod.name,
    owner: owner ? `${owner.kind}/${owner.name}` : '',
    node: pod.nodeName,
    phase: pod.phase,
    ready: pod.ready,
    terminating: pod.terminating,
    ...(pod.scheduledReason && !pod.nodeName && { unschedulable: true }),
    ...(pod.disruption && { disruption: pod.disruption }),
    ...(pod.nominatedNodeName && { nominated: pod.nominatedNodeName }),
    image: pod.shape.spec.containers[0]?.image,
  };
}

const ROWS = {
  Node: ({ metadata, spec, status = {} }: Node): Row => ({
    name: metadata.name,
    ready: conditionOf(status, 'Ready')?.status ?? '',
    taints: (spec?.taints ?? [])
      .map(({ key, value = '', effect }) => `${key}=${value}:${effect}`)
      .sort(compareStrings),
    unschedulable: spec?.unschedulable ?? false,
  }),
  ReplicaSet: ({ metadata, spec, status = {} }: ReplicaSet): Row => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status.replicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  }),
  Deployment: ({ metadata, spec, status = {} }: Deployment): Row => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    progressing: conditionOf(status, 'Progressing')?.reason ?? '',
  }),
  StatefulSet: ({ metadata, spec, status }: StatefulSet): Row => ({
    name: metadata.name,
    desired: spec.replicas,
    replicas: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
  }),
  DaemonSet: ({ metadata, status }: DaemonSet): Row => ({
    name: metadata.name,
    desired: status?.desiredNumberScheduled ?? 0,
    current: status?.currentNumberScheduled ?? 0,
    updated: status?.updatedNumberScheduled ?? 0,
    ready: status?.numberReady ?? 0,
  }),
  Job: ({ metadata, status }: Job): Row => ({
    name: metadata.name,
    active: status?.active ?? 0,
    succeeded: status?.succeeded ?? 0,
    failed: status?.failed ?? 0,
    condition: status?.conditions?.filter(({ status: is }) => is === 'True').at(-1)?.type ?? '',
  }),
  CronJob: ({ metadata, status }: CronJob): Row => ({
    name: metadata.name,
    active: status?.active?.length ?? 0,
  }),
  EndpointSlice: ({ metadata, endpoints }: EndpointSlice): Row => ({
    service: metadata.labels?.[SERVICE_LABEL] ?? '',
    name: metadata.name,
    ready: (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready)
      .map(({ targetRef }) => targetRef?.name ?? '')
      .sort(compareStrings),
  }),
  PodDisruptionBudget: ({ metadata, status }: PodDisruptionBudget): Row => ({
    name: metadata.name,
    allowed: status?.disruptionsAllowed ?? 0,
    healthy: status?.currentHealthy ?? 0,
    desired: status?.desiredHealthy ?? 0,
  }),
};

export const RECORDED_KINDS = Object.keys(ROWS) as readonly (keyof typeof ROWS)[];

/** The row of an object of one of {@link RECORDED_KINDS}. */
export function rowOf(object: KubeObject): Row {
  const row = ROWS[object.kind as keyof typeof ROWS] as (object: KubeObject) => Row;
  return row(object);
}
