// What a Job's pods amount to: which count, which indexes are done or lost, and whether the Job is over.
// Source: pkg/controller/job/{job_controller,indexed_job_utils}.go, 1.37.

import { JOB_TRACKING, type PodObject } from '../../../kube/pod-object.ts';
import type { Job } from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';
import type { ControllerHost } from '../controller.ts';
import { parseIndexes } from './indexes.ts';
import { conditionOf, type FullStatus, type Uncounted } from './job-status.ts';
import type { FailureRecord } from './pod-backoff.ts';
import { failureAction, isSuccessMet } from './policies.ts';

const US_PER_S = 1_000_000;

/** What the controller remembers of a Job between syncs. */
export interface JobMemory {
  failures: FailureRecord | undefined;
  /** Pods whose finalizers have been removed, as far as the informer does not show it yet. */
  readonly released: Set<number>;
  /** Failures of the same index before each pod, with backoffLimitPerIndex. */
  readonly indexFailures: Map<number, number>;
}

/** How a Job ends: the interim condition, and the final one that follows when everything is counted. */
export interface Verdict {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

const isTracked = (pod: PodObject): boolean => pod.finalizers.includes(JOB_TRACKING[0]!);

export class JobView {
  readonly job: Job;
  readonly pods: readonly PodObject[];
  readonly active: readonly PodObject[];
  /** Pods that have ended and are not counted yet. */
  readonly newSucceeded: readonly PodObject[];
  readonly newFailed: readonly PodObject[];
  readonly isIndexed: boolean;
  readonly completions: number;
  /** Indexes that succeeded, those of pods that have just finished included, and those that failed for good. */
  readonly done: Set<number>;
  readonly failedIndexes: Set<number>;
  /** With backoffLimitPerIndex: the last failed pod of each index that is to be tried again. */
  readonly delayed = new Map<number, PodObject>();
  readonly #memory: JobMemory;
  readonly #host: ControllerHost;

  constructor(host: ControllerHost, memory: JobMemory, job: Job, pods: readonly PodObject[]) {
    this.#host = host;
    this.#memory = memory;
    this.job = job;
    this.pods = pods;
    this.active = pods.filter((pod) => pod.active);
    this.isIndexed = job.spec.completionMode === 'Indexed';
    this.completions = job.spec.completions ?? 0;
    const { succeeded, failed } = this.uncounted;
    const counted = new Set([...succeeded, ...failed]);
    const isNew = (pod: PodObject) =>
      this.isHeld(pod) && !counted.has(podUid(pod.uid)) && this.isIndexValid(pod);
    this.newSucceeded = pods.filter((pod) => pod.phase === 'Succeeded' && isNew(pod));
    this.newFailed = pods.filter((pod) => this.isFailed(pod) && isNew(pod));
    this.done = parseIndexes(this.status.completedIndexes, this.completions);
    this.failedIndexes = parseIndexes(this.status.failedIndexes, this.completions);
    if (!this.isIndexed) return;
    for (const pod of this.newSucceeded) this.done.add(pod.identity.index);
    if (job.spec.backoffLimitPerIndex !== undefined) this.#judgeIndexes(job.spec.backoffLimitPerIndex);
  }

  get status(): FullStatus {
    return this.job.status ?? {};
  }

  get uncounted(): Uncounted {
    return this.status.uncountedTerminatedPods ?? { succeeded: [], failed: [] };
  }

  /** The pod still has its finalizer, as far as this controller knows. */
  isHeld(pod: PodObject): boolean {
    return isTracked(pod) && !this.#memory.released.has(pod.uid);
  }

  isIndexValid(pod: PodObject): boolean {
    return !this.isIndexed || (pod.identity.index >= 0 && pod.identity.index < this.completions);
  }

  get replacesFailedOnly(): boolean {
    return this.job.spec.podReplacementPolicy === 'Failed';
  }

  /** Deleted pods count as failed too, unless they are only replaced once they have failed. */
  isFailed(pod: PodObject): boolean {
    if (pod.phase === 'Failed' || this.replacesFailedOnly) return pod.phase === 'Failed';
    return pod.terminating && pod.phase !== 'Succeeded';
  }

  startTime(): string | undefined {
    const { startTime } = this.status;
    return startTime ?? (this.job.spec.suspend ? undefined : this.#host.clock.timestamp(this.#host.nowUs));
  }

  /** Which indexes have failed for good, and which failed pods stay until their index is tried again. */
  #judgeIndexes(limit: number): void {
    const { indexFailures } = this.#memory;
    for (const pod of this.pods) {
      if (!this.isHeld(pod) || !this.isFailed(pod) || !this.isIndexValid(pod)) continue;
      const action = failureAction(this.job, pod);
      const count = (indexFailures.get(pod.uid) ?? 0) + (action === 'Ignore' ? 0 : 1);
      const { index } = pod.identity;
      if (action === 'FailIndex' || count > limit) this.failedIndexes.add(index);
      else if (!this.done.has(index)) this.delayed.set(index, pod);
    }
    for (const index of this.failedIndexes) this.delayed.delete(index);
    for (const pod of this.active) this.delayed.delete(pod.identity.index);
  }

  get nSucceeded(): number {
    if (this.isIndexed) return this.done.size;
    return (this.status.succeeded ?? 0) + this.newSucceeded.length + this.uncounted.succeeded.length;
  }

  get nFailed(): number {
    const nNew = this.newFailed.filter((pod) => failureAction(this.job, pod) !== 'Ignore').length;
    return (this.status.failed ?? 0) + nNew + this.uncounted.failed.length;
  }

  /** Is the Job over? Failures are looked for before successes. */
  verdict(): Verdict | undefined {
    const { spec } = this.job;
    for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
      const known = conditionOf(this.status, type);
      if (known) return { type, reason: known.reason ?? '', message: known.message ?? '' };
    }
    const fail = (reason: string, message: string): Verdict => ({ type: 'FailureTarget', reason, message });
    const fatal = this.newFailed.find((pod) => failureAction(this.job, pod) === 'FailJob');
    if (fatal) return fail('PodFailurePolicy', `Pod ${fatal.name} failed, matching a FailJob rule`);
    if (this.nFailed > (spec.backoffLimit ?? 6) || this.#isPastRestarts()) {
      return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    }
    const leftUs = this.deadlineLeftUs();
    if (leftUs <= 0) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
    return this.isIndexed ? this.#indexVerdict(fail) : undefined;
  }

  #indexVerdict(fail: (reason: string, message: string) => Verdict): Verdict | undefined {
    const { backoffLimitPerIndex, maxFailedIndexes } = this.job.spec;
    const nFailed = this.failedIndexes.size;
    if (backoffLimitPerIndex !== undefined) {
      if (maxFailedIndexes !== undefined && nFailed > maxFailedIndexes) {
        return fail(
          'MaxFailedIndexesExceeded',
          'Job has exceeded the specified maximal number of failed indexes',
        );
      }
      if (nFailed > 0 && nFailed + this.done.size >= this.completions)
        return fail('FailedIndexes', 'Job has failed indexes');
    }
    if (!isSuccessMet(this.job, this.done)) return undefined;
    return {
      type: 'SuccessCriteriaMet',
      reason: 'SuccessPolicy',
      message: 'Matched rules of the success policy',
    };
  }

  /** restartPolicy OnFailure: restarts of running pods count against the limit. */
  #isPastRestarts(): boolean {
    const { template, backoffLimit = 6 } = this.job.spec;
    if (template.spec.restartPolicy !== 'OnFailure') return false;
    const live = this.pods.filter((pod) => pod.phase === 'Running' || pod.phase === 'Pending');
    const nRestarts = live.reduce((sum, pod) => sum + pod.restarts, 0);
    return backoffLimit === 0 ? nRestarts > 0 : nRestarts >= backoffLimit;
  }

  deadlineLeftUs(): number {
    const { activeDeadlineSeconds, suspend } = this.job.spec;
    const { clock, nowUs } = this.#host;
    const startTime = this.startTime();
    if (activeDeadlineSeconds === undefined || suspend || startTime === undefined)
      return Number.POSITIVE_INFINITY;
    return clock.parse(startTime) + activeDeadlineSeconds * US_PER_S - nowUs;
  }

  isComplete(nActive: number): boolean {
    if (this.job.spec.completions === undefined) return this.nSucceeded > 0 && nActive === 0;
    return this.nSucceeded >= this.completions && nActive === 0;
  }

  get nTerminating(): number {
    return this.pods.filter((pod) => pod.terminating && !pod.terminal).length;
  }
}
