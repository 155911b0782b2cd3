// The wait before a Job's failed pods are replaced: 10 s, doubled with each failure since the last success, at most 10 min.
// Source: pkg/controller/job/backoff_utils.go, 1.37. Finish times are cut to whole seconds, as the API keeps them.

import type { PodObject } from '../../../kube/pod-object.ts';
import type { WallClock } from '../../../kube/wall-clock.ts';
import { backoffUs } from '../../../sim/backoff.ts';

const BASE_US = 10_000_000;
const BACKOFF_US_MAX = 600_000_000;

/** Of a pod that is deleted before its containers have ended, the time since when it is not Ready counts. */
export function finishedAtUs(pod: PodObject, clock: WallClock): number {
  const unreadyUs = pod.ready ? undefined : pod.readyChangedUs;
  return clock.floorSecondUs(pod.finishedUs ?? unreadyUs ?? pod.deletionUs ?? pod.createdUs);
}

export interface FailureRecord {
  readonly nFailures: number;
  readonly lastFailureUs: number;
}

const NO_FAILURES: FailureRecord = { nFailures: 0, lastFailureUs: 0 };

/** The record after some more pods have finished. */
export function recordFinished(
  before: FailureRecord | undefined,
  succeeded: readonly PodObject[],
  failed: readonly PodObject[],
  clock: WallClock,
): FailureRecord {
  const record = before ?? NO_FAILURES;
  const lastSuccessUs = Math.max(
    Number.NEGATIVE_INFINITY,
    ...succeeded.map((pod) => finishedAtUs(pod, clock)),
  );
  const failures = failed.map((pod) => finishedAtUs(pod, clock)).filter((atUs) => atUs > lastSuccessUs);
  const nFailures = failures.length + (succeeded.length === 0 ? record.nFailures : 0);
  return { nFailures, lastFailureUs: Math.max(record.lastFailureUs, ...failures) };
}

export function remainingUs({ nFailures, lastFailureUs }: FailureRecord, nowUs: number): number {
  if (nFailures === 0) return 0;
  return Math.max(0, lastFailureUs + backoffUs(BASE_US, BACKOFF_US_MAX, nFailures - 1) - nowUs);
}
