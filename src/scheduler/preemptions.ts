/**
 * Carries preemptions out: victims are told why and deleted, all but the last at once and the last one after them.
 * Meanwhile the preemptor is kept out of the queue; the end of the last victim's deletion call lets it in again.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/executor.go with the gate SchedulerAsyncPreemption.
 * Deviation: the calls for the first victims are not held to 16 at a time; the client's rate limit counts.
 */
import type { ApiClient, ApiError } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { BindingCycles } from './binding-cycles.ts';
import type { PostFilterResult } from './framework/post-filter.ts';
import { PREEMPTED, type SchedulerCache } from './scheduler-cache.ts';

export interface PreemptionsOptions {
  readonly client: ApiClient;
  readonly events: ApiClient | undefined;
  readonly cache: SchedulerCache;
  readonly bindings: BindingCycles;
  /** Brings the preemptor to activeQ at once: no event of a victim will do it. */
  readonly activate: (preemptor: PodObject) => void;
}

/** What PostFilter decided, in versions of pods: rows may have other tenants by the time it is carried out. */
export interface PreemptionPlan {
  readonly nodeName: string;
  readonly victims: readonly PodObject[];
  /** Pods of lower priority that lose their nomination to the node. */
  readonly losers: readonly PodObject[];
}

/** One preemptor at work. */
interface Preemption {
  readonly preemptor: PodObject;
  readonly nodeName: string;
  /** Not yet handled ones; the last one waits for the others. */
  readonly victims: PodObject[];
  /** Calls under way for victims before the last. */
  nUnderWay: number;
  /** Set once only the last victim is left. */
  last: PodObject | undefined;
  hasFailed: boolean;
}

/** One victim's calls. */
interface Eviction {
  readonly preemption: Preemption;
  readonly victim: PodObject;
}

export class Preemptions {
  readonly #options: PreemptionsOptions;
  /** By the preemptor's uid. */
  readonly #running = new Map<number, Preemption>();

  constructor(options: PreemptionsOptions) {
    this.#options = options;
  }

  /** Whether the pod must stay out of the queue because its victims are not dealt with. */
  isGated(uid: number): boolean {
    const preemption = this.#running.get(uid);
    if (!preemption) return false;
    if (!preemption.last) return true;
    // The watch may bring the last victim's end before the reply to its deletion.
    const row = this.#options.cache.rowOf(preemption.last);
    return row !== -1 && !this.#options.cache.pods[row]!.terminating;
  }

  /** Nothing more comes of what is under way. */
  clear(): void {
    this.#running.clear();
  }

  plan(result: PostFilterResult, nodeName: string): PreemptionPlan {
    const { pods } = this.#options.cache;
    return {
      nodeName,
      victims: result.victims.map((row) => pods[row]!),
      losers: result.lostNominations.map(({ row }) => pods[row]!),
    };
  }

  /** Begins to make room on the node. Victims that are on their way out already need no word. */
  start(preemptor: PodObject, plan: PreemptionPlan): void {
    const { client } = this.#options;
    const victims = this.#current(plan.victims).filter((pod) => !pod.terminating);
    if (victims.length === 0) return;
    const preemption: Preemption = {
      preemptor,
      nodeName: plan.nodeName,
      victims,
      nUnderWay: victims.length - 1,
      last: undefined,
      hasFailed: false,
    };
    this.#running.set(preemptor.uid, preemption);
    for (const loser of this.#current(plan.losers)) {
      if (loser.nominatedNodeName !== '') client.patchPodStatus(loser, withdraw, undefined);
    }
    if (victims.length === 1) this.#evictLast(preemption);
    for (const victim of victims.slice(0, -1)) this.#evict({ preemption, victim });
  }

  /** The newest versions of those pods that are still there. */
  #current(pods: readonly PodObject[]): PodObject[] {
    const { cache } = this.#options;
    return pods.map((pod) => cache.pods[cache.rowOf(pod)]).filter((pod) => pod !== undefined);
  }

  #evictLast(preemption: Preemption): void {
    preemption.last = preemption.victims.at(-1)!;
    this.#evict({ preemption, victim: preemption.last });
  }

  #evict(eviction: Eviction): void {
    const { cache, client, bindings } = this.#options;
    const row = cache.rowOf(eviction.victim);
    if (row !== -1 && bindings.isPreBinding(row)) {
      bindings.cancel(row, 'preempted by DefaultPreemption');
      this.#evicted(eviction, true);
    } else client.patchPodStatus(eviction.victim, markPreempted, undefined, this.#onMarked, eviction);
  }

  readonly #onMarked = (error: ApiError | undefined, _: PodObject | undefined, eviction: Eviction): void => {
    if (error) this.#answered(error, eviction);
    else this.#options.client.deletePod(eviction.victim, {}, this.#onDeleted, eviction);
  };

  readonly #onDeleted = (error: ApiError | undefined, _: PodObject | undefined, eviction: Eviction): void =>
    this.#answered(error, eviction);

  #answered(error: ApiError | undefined, eviction: Eviction): void {
    // A victim that is gone already is as good as deleted.
    if (error && error.code !== 404) eviction.preemption.hasFailed = true;
    this.#evicted(eviction, false);
  }

  /** @param isInMemory no deletion event of the victim will follow. */
  #evicted({ preemption, victim }: Eviction, isInMemory: boolean): void {
    const { events } = this.#options;
    if (!preemption.hasFailed) {
      const message = `Preempted by pod ${preemption.preemptor.uid} on node ${preemption.nodeName}`;
      events?.recordEvent(victim, 'Normal', 'Preempted', message);
    }
    if (victim !== preemption.victims.at(-1)) {
      if (--preemption.nUnderWay > 0) return;
      if (!preemption.hasFailed) {
        this.#evictLast(preemption);
        return;
      }
    }
    this.#running.delete(preemption.preemptor.uid);
    if (preemption.hasFailed || isInMemory) this.#options.activate(preemption.preemptor);
  }
}

function withdraw(pod: PodObject): PodObject {
  if (pod.nominatedNodeName === '') return pod;
  const draft = pod.draft();
  draft.nominatedNodeName = '';
  return draft;
}

function markPreempted(pod: PodObject): PodObject {
  if (pod.disruption !== '') return pod;
  const draft = pod.draft();
  draft.disruption = PREEMPTED;
  return draft;
}
