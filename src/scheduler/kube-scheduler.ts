/**
 * kube-scheduler as a component: its informers keep the cache and the queue current; it runs one scheduling cycle at
 * a time in virtual time, and binding cycles beside it.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go, eventhandlers.go. Left out: extenders, Permit.
 */
import { assert } from '../base/assert.ts';
import type { PodObject } from '../kube/pod-object.ts';
import { BindingCycles } from './binding-cycles.ts';
import { CyclePod } from './cycle-pod.ts';
import { EventHandlers } from './event-handlers.ts';
import { type Failure, patchFailure } from './failure-patch.ts';
import { fitErrorText } from './framework/fit-error.ts';
import { runPostFilter } from './framework/post-filter.ts';
import type { ScheduleResult } from './framework/schedule-pod.ts';
import { errorStatus, type Status } from './framework/status.ts';
import type { KubeSchedulerOptions, SchedulerProfile, SpeedCounts } from './kube-scheduler-options.ts';
import { type PreemptionPlan, Preemptions } from './preemptions.ts';
import { QueueingHints } from './queue/queueing-hints.ts';
import { SchedulingQueue } from './queue/scheduling-queue.ts';
import { QueueTimers } from './queue-timers.ts';
import { rejectorsOf } from './rejectors.ts';
import { SchedulerCache } from './scheduler-cache.ts';
import { type SchedulerKinds, schedulerKinds } from './scheduler-kinds.ts';

/** Scheduling cycles that cost no time are run in batches, so that the API can batch what follows from them. */
const N_CYCLES_PER_EVENT = 32;

const NO_NODES: Failure = {
  reason: 'Unschedulable',
  message: 'no nodes available to schedule pods',
  nominatedNodeName: '',
};

/** An attempt that could not be carried out, or that Reserve refused on the one node that was left. */
function failureOf({ code, reasons }: Status): Failure {
  const text = reasons.join(', ');
  return code === 'Error'
    ? { reason: 'SchedulerError', message: text, nominatedNodeName: '' }
    : { reason: 'Unschedulable', message: `0/1 nodes are available: 1 ${text}.`, nominatedNodeName: '' };
}

type Rejection = Extract<ScheduleResult, { outcome: 'unschedulable' }>;

interface RunningCycle {
  readonly row: number;
  readonly startUs: number;
  readonly result: ScheduleResult | undefined;
  /** What PostFilter said of a pod that fits nowhere. */
  readonly preemption: PreemptionPlan | undefined;
  /** The chosen or nominated node, by name: its row may have another tenant when the cycle ends. */
  readonly nodeName: string;
  /** The pod went away meanwhile; its row is given back when the cycle ends. */
  isPodGone: boolean;
}

export class KubeScheduler {
  readonly cache: SchedulerCache;
  readonly queue: SchedulingQueue;
  readonly #options: KubeSchedulerOptions;
  readonly #profileOf = new Map<string, number>();
  readonly #handlers: EventHandlers;
  readonly #pod: CyclePod;
  readonly #gatePod: CyclePod;
  readonly #kinds: SchedulerKinds;
  readonly #timers: QueueTimers;
  readonly #bindings: BindingCycles;
  readonly #preemptions: Preemptions;
  #nextStartNodeIndex = 0;
  /** Counts the program's starts; events of an earlier life are ignored. */
  #life = 0;
  #isLeading = true;
  /** A cycle is running or about to. */
  #isAwake = false;
  #running: RunningCycle | undefined;

  constructor(options: KubeSchedulerOptions) {
    const { simulation, process, profiles, cluster } = options;
    this.#options = options;
    this.cache = new SchedulerCache(cluster);
    this.#pod = new CyclePod(this.cache);
    this.#gatePod = new CyclePod(this.cache);
    profiles.forEach(({ profile }, index) => {
      assert(!this.#profileOf.has(profile.schedulerName), `two profiles named ${profile.schedulerName}`);
      this.#profileOf.set(profile.schedulerName, index);
    });
    this.queue = new SchedulingQueue({
      backoff: { ...options.backoff, floorSecondUs: (atUs) => process.clock.floorSecondUs(atUs) },
      maxUnschedulableUs: options.maxUnschedulableUs,
      classes: cluster.classes,
      hints: profiles.map(({ profile }) => new QueueingHints(profile, options.hintTables, cluster)),
      gateOf: (row) => this.#gateOf(row),
      pinnedNodeOf: (row) => this.cache.pods[row]!.identity.pinnedNode,
    });
    this.#kinds = schedulerKinds(simulation);
    this.#timers = new QueueTimers({
      simulation,
      clock: process.clock,
      queue: this.queue,
      flushed: () => this.#stir(),
    });
    this.#bindings = new BindingCycles({
      ...options,
      cache: this.cache,
      bound: (row) => this.#bound(row),
      failed: (row, message) => this.#bindingFailed(row, message),
    });
    this.#preemptions = new Preemptions({
      client: options.client,
      events: options.events,
      cache: this.cache,
      bindings: this.#bindings,
      activate: (pod) => this.#activate(pod),
    });
    this.#handlers = new EventHandlers({
      ...options,
      cache: this.cache,
      queue: this.queue,
      profileOf: this.#profileOf,
      holds: (row) => this.#hold(row),
      abandoned: (row) => this.#bindings.abandon(row),
      released: (row) => this.#bindings.forget(row),
      settled: () => this.#stir(),
    });
  }

  /**
   * The program dies: it forgets everything, and what it had under way comes to nothing. Its informers must be told
   * separately (`ApiProcess.stop`).
   */
  stop(): void {
    this.#life++;
    this.#isLeading = false;
    this.#isAwake = false;
    this.#running = undefined;
    this.queue.done();
    this.#bindings.clear();
    this.#preemptions.clear();
    this.#handlers.clear();
  }

  /** The program has become the leader: it begins to schedule what its informers have told and will tell. */
  lead(): void {
    this.#isLeading = true;
    this.#timers.restart();
    this.#stir();
  }

  /** How scheduling cycles were served so far, by profile. */
  get speed(): readonly { readonly schedulerName: string; readonly counts: SpeedCounts | undefined }[] {
    return this.#options.profiles.map(({ profile: { schedulerName }, algorithm: { speed } }) => ({
      schedulerName,
      counts: speed,
    }));
  }

  // --- Scheduling cycles ---

  /** Sees to it that whatever waits in the queue will be looked at. */
  #stir(): void {
    const { simulation, observer } = this.#options;
    const { queue } = this;
    if (!this.#isLeading) return;
    if (!this.#isAwake && (queue.nActive > 0 || queue.nBackoff > queue.nErrorBackoff)) {
      this.#isAwake = true;
      simulation.after(0, this.#kinds.cycle, this.#life, 0, this.#runCycles);
    }
    this.#timers.arm();
    observer.queueChanged(queue.nActive, queue.nBackoff, queue.nUnschedulable, queue.nGated, this.#nowUs);
  }

  readonly #runCycles = (life: number): void => {
    if (life !== this.#life) return;
    for (let nLeft = N_CYCLES_PER_EVENT; nLeft > 0; nLeft--) {
      const row = this.queue.pop();
      if (row === -1) {
        this.#isAwake = false;
        this.#stir();
        return;
      }
      if (!this.#attempt(row)) return;
    }
    this.#options.simulation.after(0, this.#kinds.cycle, life, 0, this.#runCycles);
  };

  /** Tries one pod. False if its cycle takes time and ends later. */
  #attempt(row: number): boolean {
    const { cluster } = this.cache;
    if (this.cache.pods[row]!.terminating || this.cache.isAssumed(row)) {
      this.queue.done();
      return true;
    }
    this.#pod.set(row);
    const result = cluster.nodes.nNodes === 0 ? undefined : this.#schedule(row);
    const preemption = result?.outcome === 'unschedulable' ? this.#postFilter(row, result) : undefined;
    const node = result?.outcome === 'scheduled' ? result.node : (preemption?.result.nominatedNode ?? -1);
    const nodeName = node === -1 ? '' : cluster.nodes.names[node]!;
    const cycleUs = this.#cycleUs(result, preemption);
    this.#running = { row, startUs: this.#nowUs, result, preemption, nodeName, isPodGone: false };
    if (cycleUs === 0) {
      this.#finish();
      return true;
    }
    this.#options.simulation.after(cycleUs, this.#kinds.cycleEnd, this.#life, 0, this.#endCycle);
    return false;
  }

  #schedule(row: number): ScheduleResult {
    const { algorithm } = this.#profile(row);
    algorithm.nextStartNodeIndex = this.#nextStartNodeIndex;
    const result = algorithm.schedule(this.#pod);
    this.#nextStartNodeIndex = algorithm.nextStartNodeIndex;
    return result;
  }

  #postFilter(row: number, { run, diagnosis }: Rejection): PreemptionPlan | undefined {
    const { nominator, int } = this.#options;
    const { profile } = this.#profile(row);
    const result = runPostFilter(profile, { run, diagnosis, nominator, ...(int && { int }) });
    if (!result) return undefined;
    diagnosis.postFilterMessage = result.message;
    return this.#preemptions.plan(result);
  }

  #cycleUs(result: ScheduleResult | undefined, preemption: PreemptionPlan | undefined): number {
    const { cycleUs } = this.#options;
    if (!cycleUs) return 0;
    return cycleUs({
      cls: this.#pod.cls,
      nNodes: this.cache.cluster.nodes.nNodes,
      nEvaluated: result && 'nEvaluated' in result ? result.nEvaluated : 0,
      nFeasible: result?.outcome === 'scheduled' ? result.nFeasible : 0,
      nDryRuns: preemption ? preemption.result.candidates.length + preemption.result.noCandidate.size : 0,
    });
  }

  readonly #endCycle = (life: number): void => {
    if (life !== this.#life) return;
    this.#finish();
    this.#runCycles(life);
  };

  #finish(): void {
    const { row, result, preemption, nodeName, isPodGone } = this.#running!;
    if (isPodGone || this.cache.pods[row]!.nodeName !== '') {
      // Deleted, or bound by somebody else, while it was tried.
      this.queue.done();
      if (isPodGone) this.cache.remove(row);
    } else if (result === undefined) this.#fail(row, NO_NODES, 0);
    else if (result.outcome === 'error') this.#fail(row, failureOf(result.error), 0);
    else if (result.outcome === 'unschedulable') this.#reject(row, result, preemption, nodeName);
    else this.#assume(row, nodeName);
    this.#running = undefined;
  }

  /** A pod goes away: true if its row must stay until its cycle has ended. */
  #hold(row: number): boolean {
    if (this.#running?.row !== row) return false;
    this.#running.isPodGone = true;
    return true;
  }

  #assume(row: number, nodeName: string): void {
    const { nominator, observer } = this.#options;
    const pod = this.cache.pods[row]!;
    this.cache.place(row, nodeName, true);
    nominator.remove(pod.uid);
    const { profile } = this.#profile(row);
    const node = this.cache.cluster.nodes.find(nodeName);
    const refusal =
      node === -1
        ? errorStatus('', `nodeinfo not found for node name "${nodeName}"`)
        : this.#bindings.reserve(row, profile, node);
    if (refusal) {
      this.cache.displace(row);
      const bit = (1 << profile.plugins.findIndex(({ name }) => name === refusal.plugin)) >>> 0;
      this.#fail(row, failureOf(refusal), refusal.code === 'Error' ? 0 : bit);
      return;
    }
    this.queue.done();
    observer.podAssumed(pod.identity, nodeName, this.#nowUs - this.#running!.startUs, this.#nowUs);
    this.#bindings.start(row, nodeName);
  }

  #bound(row: number): void {
    const { nAttempts, firstActiveUs } = this.queue.table;
    const { identity } = this.cache.pods[row]!;
    const queuedUs = this.#nowUs - firstActiveUs[row]!;
    this.#options.observer.podBound(identity, nAttempts[row]!, queuedUs, this.#nowUs);
  }

  #bindingFailed(row: number, message: string): void {
    const pod = this.cache.pods[row]!;
    if (this.cache.isAssumed(row)) {
      const nodeName = this.cache.nodeNames[row]!;
      this.cache.displace(row);
      this.#handlers.assumedPodGone(pod, nodeName);
    }
    if (pod.nodeName === '') this.#fail(row, { reason: 'SchedulerError', message, nominatedNodeName: '' }, 0);
    this.#stir();
  }

  // --- Failures ---

  #reject(row: number, result: Rejection, preemption: PreemptionPlan | undefined, nodeName: string): void {
    const rejectors = rejectorsOf(this.#profile(row).profile, result.diagnosis, result.run);
    const message = fitErrorText(result.diagnosis);
    const isNominated = preemption?.result.code === 'Success' && nodeName !== '';
    if (isNominated) {
      const pod = this.cache.pods[row]!;
      this.#preemptions.start(pod, nodeName, preemption);
      const nVictims = preemption.victims.length;
      this.#options.observer.podPreempts(pod.identity, nodeName, nVictims, this.#nowUs);
    }
    const keepsNomination =
      preemption !== undefined && !isNominated && !preemption.result.clearsNominatedNode;
    const nominatedNodeName = keepsNomination ? undefined : isNominated ? nodeName : '';
    this.#fail(row, { reason: 'Unschedulable', message, nominatedNodeName }, rejectors);
  }

  #fail(row: number, failure: Failure, rejectors: number): void {
    const { client, events, observer } = this.#options;
    const pod = this.cache.pods[row]!;
    this.queue.fail(row, rejectors, this.#nowUs);
    this.#handlers.nominate(row, failure.nominatedNodeName ?? pod.nominatedNodeName);
    const cycleUs = this.#running?.row === row ? this.#nowUs - this.#running.startUs : 0;
    observer.podFailed(pod.identity, failure.reason, failure.message, cycleUs, this.#nowUs);
    events?.recordEvent(pod, 'Warning', 'FailedScheduling', failure.message);
    patchFailure(client, pod, failure);
  }

  // --- Timers and small things ---

  #activate(pod: PodObject): void {
    const row = this.cache.rowOf(pod);
    if (row !== -1) this.queue.activate(row, this.#nowUs);
    this.#stir();
  }

  /** PreEnqueue: the position of the first plugin that holds the pod back, or -1. */
  #gateOf(row: number): number {
    const { profile } = this.#profile(row);
    if (profile.preEnqueue.length > 0) {
      this.#gatePod.set(row);
      for (const plugin of profile.preEnqueue) {
        if (plugin.preEnqueue!(this.#gatePod) !== undefined) return profile.plugins.indexOf(plugin);
      }
    }
    const isPreempting = this.#preemptions.isGated(this.cache.pods[row]!.uid);
    return isPreempting ? profile.plugins.indexOf(profile.postFilter[0]!) : -1;
  }

  #profile(row: number): SchedulerProfile {
    return this.#options.profiles[this.queue.table.profile[row]!]!;
  }

  get #nowUs(): number {
    return this.#options.simulation.nowUs;
  }
}
