/** What reports need to know of a workload object: desired replicas, and whether its newest template is out. */
import { deepEqual } from '../base/deep-equal.ts';
import type { KubeObject } from '../kube/types.ts';

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}
interface Spec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly suspend?: boolean;
  readonly template?: unknown;
  readonly updateStrategy?: { readonly rollingUpdate?: { readonly partition?: number } };
}
export type WorkloadObject = KubeObject & { readonly spec?: Spec; readonly status?: Status };

const KINDS: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
];

/** Does it have a row of its own? A ReplicaSet that a Deployment controls has not. */
export function isWorkload({ kind }: KubeObject): boolean {
  return KINDS.includes(kind);
}

/** Replicas that should be ready. Those of a Job come and go as it works, so none are missed. */
export function desiredOf({ kind, spec, status }: WorkloadObject): number {
  if (kind === 'Job') return 0;
  if (kind === 'DaemonSet') return status?.desiredNumberScheduled ?? 0;
  return spec?.replicas ?? 1;
}

/**
 * Is every replica of the newest template there and available? Never of a kind that does not roll out.
 * Source: `kubectl rollout status`, kubectl pkg/polymorphichelpers/rollout_status.go, 1.37.
 */
export function isRolledOut({ kind, metadata, spec, status = {} }: WorkloadObject): boolean {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false;
  const nDesired = spec?.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = status;
  if (kind === 'Deployment') {
    return updatedReplicas >= nDesired && replicas <= updatedReplicas && availableReplicas >= updatedReplicas;
  }
  if (kind === 'StatefulSet') {
    const { partition = 0 } = spec?.updateStrategy?.rollingUpdate ?? {};
    const isUpdated =
      partition > 0
        ? updatedReplicas >= nDesired - partition
        : status.currentRevision === status.updateRevision;
    return readyReplicas >= nDesired && isUpdated;
  }
  if (kind === 'DaemonSet') {
    const nWanted = status.desiredNumberScheduled ?? 0;
    return (status.updatedNumberScheduled ?? 0) >= nWanted && (status.numberAvailable ?? 0) >= nWanted;
  }
  return false;
}

/** Complete, Failed, or '' while a Job is at work. */
export function jobOutcome({ kind, status }: WorkloadObject): '' | 'Complete' | 'Failed' {
  if (kind !== 'Job') return '';
  const isTrue = (type: string) =>
    status?.conditions?.some((one) => one.type === type && one.status === 'True');
  return isTrue('Complete') ? 'Complete' : isTrue('Failed') ? 'Failed' : '';
}

/** Did the pods' template change? */
export function hasNewTemplate(old: WorkloadObject, next: WorkloadObject): boolean {
  const before = old.spec?.template;
  const after = next.spec?.template;
  return !deepEqual(before, after);
}
