// One sync of one Job: is it over, which pods are to be created or deleted, and the status.
// Source: pkg/controller/job/{job_controller,tracking_utils}.go, 1.37.

import type { ApiError } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Condition, Job } from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';
import { all, call, type Steps } from '../../sync.ts';
import { formatIndexes } from './indexes.ts';
import { JobPods, type JobTools, PODS_MAX, withoutTracking } from './job-pods.ts';
import { conditionOf, type FullStatus, isSameStatus, type Uncounted } from './job-status.ts';
import { JobView, type Verdict } from './job-view.ts';
import { type FailureRecord, recordFinished } from './pod-backoff.ts';
import { failureAction } from './policies.ts';

const REACHED: Verdict = {
  type: 'SuccessCriteriaMet',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/** What a sync has found out when it comes to the status. */
interface Findings {
  readonly nActive: number;
  readonly startTime: string | undefined;
  readonly failures: FailureRecord;
}

export class JobSync {
  readonly #tools: JobTools;
  readonly #key: string;
  readonly #view: JobView;
  readonly #pods: JobPods;
  /** The Job as last written. */
  #job: Job;

  constructor(tools: JobTools, key: string, job: Job, pods: readonly PodObject[]) {
    this.#tools = tools;
    this.#key = key;
    this.#job = job;
    this.#view = new JobView(tools.host, tools.memory, job, pods);
    this.#pods = new JobPods(tools, key, this.#view);
  }

  *run(): Steps<boolean> {
    const { host, memory, expectations } = this.#tools;
    const view = this.#view;
    const isSatisfied = expectations.areSatisfied(this.#key);
    const startTime = view.startTime();
    const failures = recordFinished(memory.failures, view.newSucceeded, view.newFailed, host.clock);
    let verdict = view.verdict();
    let nActive = view.active.length;
    let error: ApiError | undefined;
    if (verdict) {
      const deleted = yield* this.#pods.delete(view.active);
      nActive -= deleted.nDone;
      error = deleted.error;
      if (deleted.nDone !== view.active.length || !isSatisfied) verdict = undefined;
    } else {
      this.#awaitDeadline();
      if (isSatisfied && !this.#job.metadata.deletionTimestamp)
        [nActive, error] = yield* this.#pods.manage(failures);
      if (view.isComplete(nActive)) verdict = REACHED;
    }
    const isTracked = yield* this.#track(verdict, { nActive, startTime, failures });
    return isTracked && !error;
  }

  #awaitDeadline(): void {
    const leftUs = this.#view.deadlineLeftUs();
    if (leftUs < Number.POSITIVE_INFINITY) this.#tools.requeue(leftUs);
  }

  /** Of the Job as last written. */
  get #status(): FullStatus {
    return this.#job.status ?? {};
  }

  get #uncounted(): Uncounted {
    return this.#status.uncountedTerminatedPods ?? { succeeded: [], failed: [] };
  }

  /** Counts finished pods in two steps, so that none is lost or counted twice: first by uid, then without finalizers. */
  *#track(verdict: Verdict | undefined, now: Findings): Steps<boolean> {
    const { memory } = this.#tools;
    const toRelease: PodObject[] = [];
    const succeeded = [...this.#uncounted.succeeded];
    const failed = [...this.#uncounted.failed];
    for (const pod of this.#view.pods) {
      if (toRelease.length >= PODS_MAX) break;
      if (!this.#view.isHeld(pod) || !this.#mayRelease(pod, verdict)) continue;
      toRelease.push(pod);
      const uid = podUid(pod.uid);
      if (pod.phase === 'Succeeded') {
        if (!this.#view.isIndexed && !succeeded.includes(uid)) succeeded.push(uid);
      } else if (!failed.includes(uid) && this.#countsAsFailed(pod, verdict)) {
        failed.push(uid);
      }
    }
    const interim = this.#nextStatus(now, { succeeded, failed }, verdict);
    if (!(yield* this.#write(interim))) return false;
    memory.failures = now.failures;
    const isReleased = yield* this.#release(toRelease);
    const isFinished = isReleased && verdict !== undefined && (interim.terminating ?? 0) === 0;
    return (yield* this.#write(this.#settled(toRelease, isFinished ? verdict : undefined))) && isReleased;
  }

  #mayRelease(pod: PodObject, verdict: Verdict | undefined): boolean {
    if (this.#job.metadata.deletionTimestamp || verdict || pod.phase === 'Succeeded') return true;
    return this.#view.isFailed(pod) && this.#view.delayed.get(pod.identity.index)?.uid !== pod.uid;
  }

  /** When the Job ends, pods that it deletes count as failed; of a Job that succeeded they do not. */
  #countsAsFailed(pod: PodObject, verdict: Verdict | undefined): boolean {
    if (!this.#view.isIndexValid(pod)) return false;
    if (this.#view.isFailed(pod)) return failureAction(this.#job, pod) !== 'Ignore';
    return verdict?.type === 'FailureTarget';
  }

  #nextStatus(now: Findings, uncounted: Uncounted, verdict: Verdict | undefined): FullStatus {
    const nDeleted = this.#view.active.length - now.nActive;
    const startTime = this.#turnsSuspension(verdict) ? this.#resumedTime() : now.startTime;
    const { startTime: _, ...known } = this.#status;
    const status: FullStatus = {
      ...known,
      active: now.nActive,
      ready: now.nActive === 0 ? 0 : this.#view.active.filter((pod) => pod.ready).length,
      terminating: this.#view.nTerminating + Math.max(0, nDeleted),
      uncountedTerminatedPods: uncounted,
      ...(startTime !== undefined && { startTime }),
      conditions: this.#conditions(verdict),
    };
    if (!this.#view.isIndexed) return status;
    const failedIndexes = formatIndexes(this.#view.failedIndexes);
    return {
      ...status,
      succeeded: this.#view.done.size,
      completedIndexes: formatIndexes(this.#view.done),
      ...(this.#job.spec.backoffLimitPerIndex !== undefined && { failedIndexes }),
    };
  }

  /** The Suspended condition is not yet what the spec says. */
  #turnsSuspension(verdict: Verdict | undefined): boolean {
    const { suspend = false } = this.#job.spec;
    const known = this.#status.conditions?.find(({ type }) => type === 'Suspended');
    return !verdict && suspend !== (known?.status === 'True') && (suspend || known !== undefined);
  }

  /** The deadline counts from the last resumption, and not at all while suspended. */
  #resumedTime(): string | undefined {
    const { clock, nowUs } = this.#tools.host;
    return this.#job.spec.suspend ? undefined : clock.timestamp(nowUs);
  }

  #conditions(verdict: Verdict | undefined): readonly Condition[] {
    const { suspend = false } = this.#job.spec;
    let conditions = [...(this.#status.conditions ?? [])];
    if (this.#turnsSuspension(verdict)) {
      conditions = conditions.filter(({ type }) => type !== 'Suspended');
      conditions.push(
        this.#condition('Suspended', suspend ? 'JobSuspended' : 'JobResumed', '', suspend ? 'True' : 'False'),
      );
    }
    if (verdict && !conditionOf(this.#status, verdict.type)) {
      conditions.push(this.#condition(verdict.type, verdict.reason, verdict.message));
    }
    return conditions;
  }

  #condition(type: string, reason: string, message: string, status: 'True' | 'False' = 'True'): Condition {
    const time = this.#tools.host.clock.timestamp(this.#tools.host.nowUs);
    return { type, status, reason, message, lastTransitionTime: time, lastProbeTime: time };
  }

  *#release(pods: readonly PodObject[]): Steps<boolean> {
    const { client, memory } = this.#tools;
    const batch = yield* all<PodObject>(pods.length, (callIdx, reply) => {
      const pod = pods[callIdx]!;
      memory.released.add(pod.uid);
      client.patchPod(
        pod,
        withoutTracking,
        undefined,
        (error, next, tag) => {
          if (error) memory.released.delete(pod.uid);
          reply(error?.code === 404 ? undefined : error, next, tag);
        },
        callIdx,
      );
    });
    return !batch.error;
  }

  /** Uids of pods without finalizers move to the counters; with everything counted the Job gets its final condition. */
  #settled(released: readonly PodObject[], verdict: Verdict | undefined): FullStatus {
    const { host } = this.#tools;
    const gone = new Set(released.map((pod) => podUid(pod.uid)));
    const held = new Set(
      this.#view.pods.filter((pod) => this.#view.isHeld(pod)).map((pod) => podUid(pod.uid)),
    );
    const { succeeded, failed } = this.#uncounted;
    const isCounted = (uid: string) => gone.has(uid) || !held.has(uid);
    const status: FullStatus = {
      ...this.#status,
      ...(!this.#view.isIndexed && {
        succeeded: (this.#status.succeeded ?? 0) + succeeded.filter(isCounted).length,
      }),
      failed: (this.#status.failed ?? 0) + failed.filter(isCounted).length,
      uncountedTerminatedPods: {
        succeeded: succeeded.filter((uid) => !isCounted(uid)),
        failed: failed.filter((uid) => !isCounted(uid)),
      },
    };
    if (!verdict) return status;
    const isSuccess = verdict.type === 'SuccessCriteriaMet';
    const final = this.#condition(isSuccess ? 'Complete' : 'Failed', verdict.reason, verdict.message);
    return {
      ...status,
      conditions: [...(status.conditions ?? []), final],
      ...(isSuccess && { completionTime: host.clock.timestamp(host.nowUs) }),
    };
  }

  /** Writes the status if it differs from the one known; the working copy carries on with what was written. */
  *#write(status: FullStatus): Steps<boolean> {
    const { client } = this.#tools;
    const next: Job = { ...this.#job, status };
    if (isSameStatus(status, this.#status)) return true;
    const { error, object } = yield* call<Job>((reply) => client.updateStatus(next, reply));
    if (error) return error.code === 404;
    this.#tools.wrote(object);
    this.#job = object!;
    return true;
  }
}
