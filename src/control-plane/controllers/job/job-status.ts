// The status of a Job as its controller works with it.

import type { Condition, JobStatus } from '../../../kube/types.ts';

export interface Uncounted {
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
}

export type FullStatus = JobStatus & { readonly uncountedTerminatedPods?: Uncounted };

export function conditionOf(status: JobStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** Whether writing one over the other would tell anybody anything. */
export function isSameStatus(a: FullStatus, b: FullStatus): boolean {
  return JSON.stringify(clean(a)) === JSON.stringify(clean(b));
}

/** The parts of a status that are worth a write, in a fixed order. */
function clean(status: FullStatus): unknown {
  const {
    active = 0,
    ready = 0,
    terminating = 0,
    succeeded = 0,
    failed = 0,
    startTime,
    completionTime,
  } = status;
  const { succeeded: done = [], failed: lost = [] } = status.uncountedTerminatedPods ?? {};
  const conditions = (status.conditions ?? []).map(({ type, status: value }) => [type, value]);
  const { completedIndexes = '', failedIndexes = '' } = status;
  return [
    active,
    ready,
    terminating,
    succeeded,
    failed,
    startTime,
    completionTime,
    done,
    lost,
    conditions,
    completedIndexes,
    failedIndexes,
  ];
}
