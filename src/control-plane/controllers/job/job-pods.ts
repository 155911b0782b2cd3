// Brings the number of a Job's active pods to what it should be.
// Source: pkg/controller/job/{job_controller,indexed_job_utils}.go (manageJob), 1.37.

import type { ApiClient, ApiError } from '../../../kube/api.ts';
import {
  JOB_TRACKING,
  NO_FINALIZERS,
  type PodDraft,
  type PodInit,
  type PodObject,
} from '../../../kube/pod-object.ts';
import type { Job, OwnerReference } from '../../../kube/types.ts';
import { all, type Steps, slowStart } from '../../sync.ts';
import type { ControllerHost } from '../controller.ts';
import type { Expectations } from '../expectations.ts';
import { deletionOrder } from '../pod-state.ts';
import { shapeOf } from '../pod-template.ts';
import type { JobMemory, JobView } from './job-view.ts';
import { type FailureRecord, recordFinished, remainingUs } from './pod-backoff.ts';

export const PODS_MAX = 500;

export interface JobTools {
  readonly host: ControllerHost;
  readonly client: ApiClient;
  readonly expectations: Expectations;
  readonly owner: OwnerReference;
  readonly memory: JobMemory;
  wrote(written: Job | PodObject | undefined): void;
  requeue(afterUs: number): void;
}

export function withoutTracking(pod: PodObject): PodObject {
  if (!pod.finalizers.includes(JOB_TRACKING[0]!)) return pod;
  const next: PodDraft = pod.draft();
  next.finalizers =
    pod.finalizers.length === 1 ? NO_FINALIZERS : pod.finalizers.filter((name) => name !== JOB_TRACKING[0]);
  return next;
}

/** How many calls succeeded, and the first error. */
interface Done {
  readonly nDone: number;
  readonly error: ApiError | undefined;
}

export class JobPods {
  readonly #tools: JobTools;
  readonly #key: string;
  readonly #view: JobView;

  constructor(tools: JobTools, key: string, view: JobView) {
    this.#tools = tools;
    this.#key = key;
    this.#view = view;
  }

  /** Brings the number of active pods to what it should be; answers their number. */
  *manage(failures: FailureRecord): Steps<[nActive: number, error: ApiError | undefined]> {
    const { parallelism = 1, completions, suspend } = this.#view.job.spec;
    const nActive = this.#view.active.length;
    const nOpen =
      completions === undefined
        ? this.#view.nSucceeded > 0
          ? nActive
          : parallelism
        : Math.max(0, completions - this.#view.nSucceeded);
    const nWanted = suspend ? 0 : Math.min(nOpen, parallelism);
    const surplus = this.#surplus(Math.max(0, nActive - nWanted));
    if (surplus.length > 0) {
      const deleted = yield* this.#deleteUncounted(surplus.slice(0, PODS_MAX));
      return [nActive - deleted.nDone, deleted.error];
    }
    const nTerminating = this.#view.replacesFailedOnly ? this.#view.nTerminating : 0;
    const nMissing = Math.min(PODS_MAX, nWanted - nActive - nTerminating);
    if (nMissing <= 0) return [nActive, undefined];
    const places = this.#places(nMissing, failures);
    if (places.length === 0) return [nActive, undefined];
    const created = yield* this.#create(places);
    return [nActive + created.nDone, created.error];
  }

  /** Active pods that are too many: repeated and unknown indexes first, then the lowest ranked. */
  #surplus(atLeast: number): PodObject[] {
    const ranked = [...this.#view.active].sort((a, b) =>
      deletionOrder(a, b, () => 0, this.#tools.host.nowUs, this.#tools.host.clock),
    );
    if (!this.#view.isIndexed) return ranked.slice(0, atLeast);
    const seen = new Set<number>();
    const wrong: PodObject[] = [];
    const right: PodObject[] = [];
    for (const pod of ranked.reverse()) {
      const { index } = pod.identity;
      (!this.#view.isIndexValid(pod) || seen.has(index) ? wrong : right).push(pod);
      seen.add(index);
    }
    right.reverse();
    return [...wrong, ...right.slice(0, Math.max(0, atLeast - wrong.length))];
  }

  /** The indexes of the pods to create now (-1 each without indexes); none while a back-off runs. */
  #places(count: number, failures: FailureRecord): number[] {
    const { nowUs, clock } = this.#tools.host;
    const isPerIndex = this.#view.job.spec.backoffLimitPerIndex !== undefined;
    const waitUs = isPerIndex ? 0 : remainingUs(failures, nowUs);
    if (waitUs > 0) {
      this.#tools.requeue(waitUs);
      return [];
    }
    if (!this.#view.isIndexed) return Array.from({ length: count }, () => -1);
    const holders = this.#view.replacesFailedOnly
      ? this.#view.pods.filter((pod) => !pod.terminal)
      : this.#view.active;
    const taken = new Set(holders.map((pod) => pod.identity.index));
    const places: number[] = [];
    let nextUs = Number.POSITIVE_INFINITY;
    let nLeft = count;
    for (let index = 0; index < this.#view.completions && nLeft > 0; index++) {
      if (taken.has(index) || this.#view.done.has(index) || this.#view.failedIndexes.has(index)) continue;
      // An index that still has to wait keeps its place: no higher one is taken instead.
      nLeft--;
      const last = this.#view.delayed.get(index);
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

  *#create(places: readonly number[]): Steps<Done> {
    const { client, expectations, memory } = this.#tools;
    expectations.expectCreations(this.#key, places.length);
    const batch = yield* slowStart<PodObject>(places.length, (callIdx, reply) => {
      const index = places[callIdx]!;
      client.createPod(
        this.#init(index),
        (error, pod, tag) => {
          this.#tools.wrote(pod);
          const last = this.#view.delayed.get(index);
          if (pod && last) memory.indexFailures.set(pod.uid, (memory.indexFailures.get(last.uid) ?? 0) + 1);
          if (error) expectations.creationObserved(this.#key);
          else client.recordEvent(this.#view.job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod!.name}`);
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
    const { name, namespace = '' } = this.#view.job.metadata;
    return {
      shape: shapeOf(this.#view.job.spec.template, namespace),
      generateName: index < 0 ? `${name}-` : `${name}-${index}-`,
      owner: this.#tools.owner,
      finalizers: JOB_TRACKING,
      ...(index >= 0 && { index }),
    };
  }

  *delete(pods: readonly PodObject[]): Steps<Done> {
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
          else client.recordEvent(this.#view.job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
          reply(error?.code === 404 ? undefined : error, last, tag);
        },
        callIdx,
      );
    });
  }

  /** Pods that are too many do not count as failed: they lose their finalizers first. */
  *#deleteUncounted(pods: readonly PodObject[]): Steps<Done> {
    const { client } = this.#tools;
    const patched = yield* all<PodObject>(pods.length, (callIdx, reply) =>
      client.patchPod(pods[callIdx]!, withoutTracking, undefined, reply, callIdx),
    );
    if (patched.error) return { nDone: 0, error: patched.error };
    return yield* this.delete(pods);
  }
}
