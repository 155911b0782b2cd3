// One sync of one Job: which pods count, whether the Job is over, which pods to create or delete, and the status.
// Source: pkg/controller/job/{job_controller,indexed_job_utils,tracking_utils}.go, 1.37.

import type { ApiClient, ApiError } from '../../../kube/api.ts';
import {
  JOB_TRACKING,
  NO_FINALIZERS,
  type PodDraft,
  type PodInit,
  type PodObject,
} from '../../../kube/pod-object.ts';
import type { Condition, Job, OwnerReference } from '../../../kube/types.ts';
import { podUid } from '../../../kube/uid.ts';
import { all, call, type Steps, slowStart } from '../../sync.ts';
import type { ControllerHost } from '../controller.ts';
import type { Expectations } from '../expectations.ts';
import { deletionOrder } from '../pod-state.ts';
import { shapeOf } from '../pod-template.ts';
import { formatIndexes, parseIndexes } from './indexes.ts';
import { conditionOf, type FullStatus, isSameStatus, type Uncounted } from './job-status.ts';
import { type FailureRecord, recordFinished, remainingUs } from './pod-backoff.ts';
import { failureAction, isSuccessMet } from './policies.ts';

const PODS_MAX = 500;
const US_PER_S = 1_000_000;

/** What the controller remembers of a Job between syncs. */
export interface JobMemory {
  failures: FailureRecord | undefined;
  /** Pods whose finalizers have been removed, as far as the informer does not show it yet. */
  readonly released: Set<number>;
  /** Failures of the same index before each pod, with backoffLimitPerIndex. */
  readonly indexFailures: Map<number, number>;
}

export interface JobTools {
  readonly host: ControllerHost;
  readonly client: ApiClient;
  readonly expectations: Expectations;
  readonly owner: OwnerReference;
  readonly memory: JobMemory;
  wrote(written: Job | PodObject | undefined): void;
  requeue(afterUs: number): void;
}

/** How a Job ends: the interim condition, and the final one that follows when everything is counted. */
interface Verdict {
  readonly type: 'SuccessCriteriaMet' | 'FailureTarget';
  readonly reason: string;
  readonly message: string;
}

const isTracked = (pod: PodObject): boolean => pod.finalizers.includes(JOB_TRACKING[0]!);

function withoutTracking(pod: PodObject): PodObject {
  if (!isTracked(pod)) return pod;
  const next: PodDraft = pod.draft();
  next.finalizers =
    pod.finalizers.length === 1 ? NO_FINALIZERS : pod.finalizers.filter((name) => name !== JOB_TRACKING[0]);
  return next;
}

export class JobSync {
  readonly #tools: JobTools;
  #job: Job;
  readonly #key: string;
  readonly #pods: readonly PodObject[];
  readonly #active: PodObject[];
  readonly #newSucceeded: PodObject[];
  readonly #newFailed: PodObject[];
  readonly #isIndexed: boolean;
  readonly #completions: number;
  /** Indexes that succeeded up to the last status, and those of pods that have just finished. */
  readonly #doneBefore: Set<number>;
  readonly #done: Set<number>;
  readonly #failedIndexes: Set<number>;
  /** With backoffLimitPerIndex: the last failed pod of each index that is to be tried again. */
  readonly #delayed = new Map<number, PodObject>();

  constructor(tools: JobTools, key: string, job: Job, pods: readonly PodObject[]) {
    this.#tools = tools;
    this.#job = job;
    this.#key = key;
    this.#pods = pods;
    this.#active = pods.filter((pod) => pod.active);
    this.#isIndexed = job.spec.completionMode === 'Indexed';
    this.#completions = job.spec.completions ?? 0;
    const { succeeded, failed } = this.#uncounted;
    const counted = new Set([...succeeded, ...failed]);
    const isNew = (pod: PodObject) =>
      this.#isHeld(pod) && !counted.has(podUid(pod.uid)) && this.#isIndexValid(pod);
    this.#newSucceeded = pods.filter((pod) => pod.phase === 'Succeeded' && isNew(pod));
    this.#newFailed = pods.filter((pod) => this.#isFailed(pod) && isNew(pod));
    this.#doneBefore = parseIndexes(this.#status.completedIndexes, this.#completions);
    this.#done = new Set(this.#doneBefore);
    this.#failedIndexes = parseIndexes(this.#status.failedIndexes, this.#completions);
    if (!this.#isIndexed) return;
    for (const pod of this.#newSucceeded) this.#done.add(pod.identity.index);
    if (job.spec.backoffLimitPerIndex !== undefined) this.#judgeIndexes(job.spec.backoffLimitPerIndex);
  }

  *run(): Steps<boolean> {
    const { host, memory } = this.#tools;
    const isSatisfied = this.#tools.expectations.areSatisfied(this.#key);
    const startTime = this.#startTime();
    const failures = recordFinished(memory.failures, this.#newSucceeded, this.#newFailed, host.clock);
    let verdict = this.#verdict();
    let nActive = this.#active.length;
    let error: ApiError | undefined;
    if (verdict) {
      const deleted = yield* this.#delete(this.#active);
      nActive -= deleted.nDone;
      error = deleted.error;
      if (deleted.nDone !== this.#active.length || !isSatisfied) verdict = undefined;
    } else {
      if (isSatisfied && !this.#job.metadata.deletionTimestamp)
        [nActive, error] = yield* this.#manage(failures);
      if (this.#isComplete(nActive))
        verdict = {
          type: 'SuccessCriteriaMet',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        };
    }
    const isTracked = yield* this.#track(verdict, { nActive, startTime, failures });
    return isTracked && !error;
  }

  get #status(): FullStatus {
    return this.#job.status ?? {};
  }

  get #uncounted(): Uncounted {
    return this.#status.uncountedTerminatedPods ?? { succeeded: [], failed: [] };
  }

  /** The pod still has its finalizer, as far as this controller knows. */
  #isHeld(pod: PodObject): boolean {
    return isTracked(pod) && !this.#tools.memory.released.has(pod.uid);
  }

  #isIndexValid(pod: PodObject): boolean {
    return !this.#isIndexed || (pod.identity.index >= 0 && pod.identity.index < this.#completions);
  }

  get #replacesFailedOnly(): boolean {
    return this.#job.spec.podReplacementPolicy === 'Failed';
  }

  /** Deleted pods count as failed too, unless they are only replaced once they have failed. */
  #isFailed(pod: PodObject): boolean {
    if (pod.phase === 'Failed' || this.#replacesFailedOnly) return pod.phase === 'Failed';
    return pod.terminating && pod.phase !== 'Succeeded';
  }

  #startTime(): string | undefined {
    const { startTime } = this.#status;
    return (
      startTime ??
      (this.#job.spec.suspend ? undefined : this.#tools.host.clock.timestamp(this.#tools.host.nowUs))
    );
  }

  /** Which indexes have failed for good, and which failed pods stay until their index is tried again. */
  #judgeIndexes(limit: number): void {
    const { indexFailures } = this.#tools.memory;
    for (const pod of this.#pods) {
      if (!this.#isHeld(pod) || !this.#isFailed(pod) || !this.#isIndexValid(pod)) continue;
      const action = failureAction(this.#job, pod);
      const count = (indexFailures.get(pod.uid) ?? 0) + (action === 'Ignore' ? 0 : 1);
      const { index } = pod.identity;
      if (action === 'FailIndex' || count > limit) this.#failedIndexes.add(index);
      else if (!this.#done.has(index)) this.#delayed.set(index, pod);
    }
    for (const index of this.#failedIndexes) this.#delayed.delete(index);
    for (const pod of this.#active) this.#delayed.delete(pod.identity.index);
  }

  get #nSucceeded(): number {
    if (this.#isIndexed) return this.#done.size;
    return (this.#status.succeeded ?? 0) + this.#newSucceeded.length + this.#uncounted.succeeded.length;
  }

  get #nFailed(): number {
    const nNew = this.#newFailed.filter((pod) => failureAction(this.#job, pod) !== 'Ignore').length;
    return (this.#status.failed ?? 0) + nNew + this.#uncounted.failed.length;
  }

  /** Is the Job over? Failures are looked for before successes. */
  #verdict(): Verdict | undefined {
    const { spec } = this.#job;
    for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
      const known = conditionOf(this.#status, type);
      if (known) return { type, reason: known.reason ?? '', message: known.message ?? '' };
    }
    const fail = (reason: string, message: string): Verdict => ({ type: 'FailureTarget', reason, message });
    const fatal = this.#newFailed.find((pod) => failureAction(this.#job, pod) === 'FailJob');
    if (fatal) return fail('PodFailurePolicy', `Pod ${fatal.name} failed, matching a FailJob rule`);
    if (this.#nFailed > (spec.backoffLimit ?? 6) || this.#isPastRestarts()) {
      return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    }
    const leftUs = this.#deadlineLeftUs();
    if (leftUs <= 0) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
    if (leftUs < Number.POSITIVE_INFINITY) this.#tools.requeue(leftUs);
    return this.#isIndexed ? this.#indexVerdict(fail) : undefined;
  }

  #indexVerdict(fail: (reason: string, message: string) => Verdict): Verdict | undefined {
    const { backoffLimitPerIndex, maxFailedIndexes } = this.#job.spec;
    const nFailed = this.#failedIndexes.size;
    if (backoffLimitPerIndex !== undefined) {
      if (maxFailedIndexes !== undefined && nFailed > maxFailedIndexes) {
        return fail(
          'MaxFailedIndexesExceeded',
          'Job has exceeded the specified maximal number of failed indexes',
        );
      }
      if (nFailed > 0 && nFailed + this.#done.size >= this.#completions)
        return fail('FailedIndexes', 'Job has failed indexes');
    }
    if (!isSuccessMet(this.#job, this.#done)) return undefined;
    return {
      type: 'SuccessCriteriaMet',
      reason: 'SuccessPolicy',
      message: 'Matched rules of the success policy',
    };
  }

  /** restartPolicy OnFailure: restarts of running pods count against the limit. */
  #isPastRestarts(): boolean {
    const { template, backoffLimit = 6 } = this.#job.spec;
    if (template.spec.restartPolicy !== 'OnFailure') return false;
    const live = this.#pods.filter((pod) => pod.phase === 'Running' || pod.phase === 'Pending');
    const nRestarts = live.reduce((sum, pod) => sum + pod.restarts, 0);
    return backoffLimit === 0 ? nRestarts > 0 : nRestarts >= backoffLimit;
  }

  #deadlineLeftUs(): number {
    const { activeDeadlineSeconds, suspend } = this.#job.spec;
    const { clock, nowUs } = this.#tools.host;
    const startTime = this.#startTime();
    if (activeDeadlineSeconds === undefined || suspend || startTime === undefined)
      return Number.POSITIVE_INFINITY;
    return clock.parse(startTime) + activeDeadlineSeconds * US_PER_S - nowUs;
  }

  #isComplete(nActive: number): boolean {
    if (this.#job.spec.completions === undefined) return this.#nSucceeded > 0 && nActive === 0;
    return this.#nSucceeded >= this.#completions && nActive === 0;
  }

  /** Brings the number of active pods to what it should be; answers their number. */
  *#manage(failures: FailureRecord): Steps<[nActive: number, error: ApiError | undefined]> {
    const { parallelism = 1, completions, suspend } = this.#job.spec;
    const nActive = this.#active.length;
    const nOpen =
      completions === undefined
        ? this.#nSucceeded > 0
          ? nActive
          : parallelism
        : Math.max(0, completions - this.#nSucceeded);
    const nWanted = suspend ? 0 : Math.min(nOpen, parallelism);
    const surplus = this.#surplus(Math.max(0, nActive - nWanted));
    if (surplus.length > 0) {
      const deleted = yield* this.#deleteUncounted(surplus.slice(0, PODS_MAX));
      return [nActive - deleted.nDone, deleted.error];
    }
    const nTerminating = this.#replacesFailedOnly ? this.#nTerminating : 0;
    const nMissing = Math.min(PODS_MAX, nWanted - nActive - nTerminating);
    if (nMissing <= 0) return [nActive, undefined];
    const places = this.#places(nMissing, failures);
    if (places.length === 0) return [nActive, undefined];
    const created = yield* this.#create(places);
    return [nActive + created.nDone, created.error];
  }

  get #nTerminating(): number {
    return this.#pods.filter((pod) => pod.terminating && !pod.terminal).length;
  }

  /** Active pods that are too many: repeated and unknown indexes first, then the lowest ranked. */
  #surplus(atLeast: number): PodObject[] {
    const ranked = [...this.#active].sort((a, b) =>
      deletionOrder(a, b, () => 0, this.#tools.host.nowUs, this.#tools.host.clock),
    );
    if (!this.#isIndexed) return ranked.slice(0, atLeast);
    const seen = new Set<number>();
    const wrong: PodObject[] = [];
    const right: PodObject[] = [];
    for (const pod of ranked.reverse()) {
      const { index } = pod.identity;
      (!this.#isIndexValid(pod) || seen.has(index) ? wrong : right).push(pod);
      seen.add(index);
    }
    right.reverse();
    return [...wrong, ...right.slice(0, Math.max(0, atLeast - wrong.length))];
  }

  /** The indexes of the pods to create now (-1 each without indexes); none while a back-off runs. */
  #places(count: number, failures: FailureRecord): number[] {
    const { nowUs, clock } = this.#tools.host;
    const isPerIndex = this.#job.spec.backoffLimitPerIndex !== undefined;
    const waitUs = isPerIndex ? 0 : remainingUs(failures, nowUs);
    if (waitUs > 0) {
      this.#tools.requeue(waitUs);
      return [];
    }
    if (!this.#isIndexed) return Array.from({ length: count }, () => -1);
    const holders = this.#replacesFailedOnly ? this.#pods.filter((pod) => !pod.terminal) : this.#active;
    const taken = new Set(holders.map((pod) => pod.identity.index));
    const places: number[] = [];
    let nextUs = Number.POSITIVE_INFINITY;
    let nLeft = count;
    for (let index = 0; index < this.#completions && nLeft > 0; index++) {
      if (taken.has(index) || this.#done.has(index) || this.#failedIndexes.has(index)) continue;
      // An index that still has to wait keeps its place: no higher one is taken instead.
      nLeft--;
      const last = this.#delayed.get(index);
      const nFailures = last ? (this.#tools.memory.indexFailures.get(last.uid) ?? 0) + 1 : 0;
      const leftUs = last
        ? remainingUs({ ...recordFinished(undefined, [], [last], clock), nFailures }, nowUs)
        : 0;
      if (leftUs > 0) nextUs = Math.min(nextUs, leftUs);
      else places.push(index);
    }
    if (places.length === 0 && nextUs < Number.POSITIVE_INFINITY) this.#tools.requeue(nextUs);
    return places;
  }

  *#create(
    places: readonly number[],
  ): Steps<{ readonly nDone: number; readonly error: ApiError | undefined }> {
    const { client, expectations, memory } = this.#tools;
    expectations.expectCreations(this.#key, places.length);
    const batch = yield* slowStart<PodObject>(places.length, (callIdx, reply) => {
      const index = places[callIdx]!;
      client.createPod(
        this.#init(index),
        (error, pod, tag) => {
          this.#tools.wrote(pod);
          const last = this.#delayed.get(index);
          if (pod && last) memory.indexFailures.set(pod.uid, (memory.indexFailures.get(last.uid) ?? 0) + 1);
          if (error) expectations.creationObserved(this.#key);
          else client.recordEvent(this.#job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod!.name}`);
          reply(error, pod, tag);
        },
        callIdx,
      );
    });
    const nSkipped = places.length - batch.nDone - batch.failed.length;
    if (nSkipped > 0) expectations.creationObserved(this.#key, nSkipped);
    return batch;
  }

  #init(index: number): PodInit {
    const { name, namespace = '' } = this.#job.metadata;
    return {
      shape: shapeOf(this.#job.spec.template, namespace),
      generateName: index < 0 ? `${name}-` : `${name}-${index}-`,
      owner: this.#tools.owner,
      finalizers: JOB_TRACKING,
      ...(index >= 0 && { index }),
    };
  }

  *#delete(
    pods: readonly PodObject[],
  ): Steps<{ readonly nDone: number; readonly error: ApiError | undefined }> {
    const { client, expectations } = this.#tools;
    if (pods.length > 0)
      expectations.expectDeletions(
        this.#key,
        pods.map((pod) => pod.uid),
      );
    return yield* all<PodObject>(pods.length, (callIdx, reply) => {
      const pod = pods[callIdx]!;
      client.deletePod(
        pod,
        undefined,
        (error, last, tag) => {
          if (error) expectations.deletionObserved(this.#key, pod.uid);
          else client.recordEvent(this.#job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
          reply(error?.code === 404 ? undefined : error, last, tag);
        },
        callIdx,
      );
    });
  }

  /** Pods that are too many do not count as failed: they lose their finalizers first. */
  *#deleteUncounted(
    pods: readonly PodObject[],
  ): Steps<{ readonly nDone: number; readonly error: ApiError | undefined }> {
    const { client } = this.#tools;
    const patched = yield* all<PodObject>(pods.length, (callIdx, reply) =>
      client.patchPod(pods[callIdx]!, withoutTracking, undefined, reply, callIdx),
    );
    if (patched.error) return { nDone: 0, error: patched.error };
    return yield* this.#delete(pods);
  }

  /** Counts finished pods in two steps, so that none is lost or counted twice: first by uid, then without finalizers. */
  *#track(
    verdict: Verdict | undefined,
    now: {
      readonly nActive: number;
      readonly startTime: string | undefined;
      readonly failures: FailureRecord;
    },
  ): Steps<boolean> {
    const { memory } = this.#tools;
    const toRelease: PodObject[] = [];
    const succeeded = [...this.#uncounted.succeeded];
    const failed = [...this.#uncounted.failed];
    for (const pod of this.#pods) {
      if (toRelease.length >= PODS_MAX) break;
      if (!this.#isHeld(pod) || !this.#mayRelease(pod, verdict)) continue;
      toRelease.push(pod);
      const uid = podUid(pod.uid);
      if (pod.phase === 'Succeeded') {
        if (!this.#isIndexed && !succeeded.includes(uid)) succeeded.push(uid);
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
    return this.#isFailed(pod) && this.#delayed.get(pod.identity.index)?.uid !== pod.uid;
  }

  /** When the Job ends, pods that it deletes count as failed; of a Job that succeeded they do not. */
  #countsAsFailed(pod: PodObject, verdict: Verdict | undefined): boolean {
    if (!this.#isIndexValid(pod)) return false;
    if (this.#isFailed(pod)) return failureAction(this.#job, pod) !== 'Ignore';
    return verdict?.type === 'FailureTarget';
  }

  #nextStatus(
    now: { readonly nActive: number; readonly startTime: string | undefined },
    uncounted: Uncounted,
    verdict: Verdict | undefined,
  ): FullStatus {
    const nDeleted = this.#active.length - now.nActive;
    const status: FullStatus = {
      ...this.#status,
      active: now.nActive,
      ready: now.nActive === 0 ? 0 : this.#active.filter((pod) => pod.ready).length,
      terminating: this.#nTerminating + Math.max(0, nDeleted),
      uncountedTerminatedPods: uncounted,
      ...(now.startTime !== undefined && { startTime: now.startTime }),
      conditions: this.#conditions(verdict),
    };
    if (!this.#isIndexed) return status;
    const { failedIndexes } = { failedIndexes: formatIndexes(this.#failedIndexes) };
    return {
      ...status,
      succeeded: this.#done.size,
      completedIndexes: formatIndexes(this.#done),
      ...(this.#job.spec.backoffLimitPerIndex !== undefined && { failedIndexes }),
    };
  }

  #conditions(verdict: Verdict | undefined): readonly Condition[] {
    const { suspend = false } = this.#job.spec;
    let conditions = [...(this.#status.conditions ?? [])];
    const known = conditions.find(({ type }) => type === 'Suspended');
    if (!verdict && suspend !== (known?.status === 'True') && (suspend || known)) {
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
    const held = new Set(this.#pods.filter((pod) => this.#isHeld(pod)).map((pod) => podUid(pod.uid)));
    const { succeeded, failed } = this.#uncounted;
    const isCounted = (uid: string) => gone.has(uid) || !held.has(uid);
    const status: FullStatus = {
      ...this.#status,
      ...(!this.#isIndexed && {
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
