/**
 * Follows each pod from its creation to its end: told of every committed version and of scheduling attempts, it fills
 * columns by slot, adds durations to the sketches, and hands out a record when the pod has finished or is gone.
 */
import type { PodIdentity, PodObject } from '../kube/pod-object.ts';
import { type LatencyBook, PHASE } from './latency-book.ts';
import type { NodeLedger } from './node-ledger.ts';
import type { PodFactsTable } from './pod-facts.ts';
import { POD, type PodLedger } from './pod-ledger.ts';
import type { PodOutcome, PodRecord, RecordSinks } from './records.ts';
import type { PendingReason, PodTotals, QueueCounts, SchedulingTotals } from './run-metrics.ts';
import type { SchedulerObserver } from './scheduler-observer.ts';
import { SchedulingQueues } from './scheduling-queues.ts';
import type { WorkloadLedger } from './workload-ledger.ts';

export interface PodRecorderParts {
  readonly latency: LatencyBook;
  readonly nodes: NodeLedger;
  readonly workloads: WorkloadLedger;
  readonly facts: PodFactsTable;
  readonly table: PodLedger;
  readonly sinks: RecordSinks;
  /** Told before anything changes. */
  readonly passTo: (nowUs: number) => void;
}

export class PodRecorder implements SchedulerObserver {
  readonly counts: QueueCounts = { nPending: 0, nActive: 0, nBackoff: 0, nUnschedulable: 0, nGated: 0 };
  readonly evictions = new Map<string, number>();
  readonly queues = new SchedulingQueues();
  readonly #parts: PodRecorderParts;
  readonly #table: PodLedger;
  readonly #totals = { nCreated: 0, nScheduled: 0, nSucceeded: 0, nFailed: 0, nDeleted: 0, nRestarts: 0 };
  readonly #scheduling = { nAttempts: 0, nFailedAttempts: 0, nPreemptions: 0, nVictims: 0 };
  /** Filled in again for every pod. */
  readonly #record = {} as PodRecord;

  constructor(parts: PodRecorderParts) {
    this.#parts = parts;
    this.#table = parts.table;
  }

  /** A version was committed: `old` is absent for a new pod, `next` for one that is gone (then `old` is its last). */
  changed(old: PodObject | undefined, next: PodObject | undefined, nowUs: number): void {
    this.#parts.passTo(nowUs);
    const pod = (next ?? old)!;
    const { slot, uid } = pod.identity;
    const table = this.#table;
    if (!table.is(slot, uid)) {
      if (!next) return;
      this.#created(pod, nowUs);
      if (pod.phase === 'Running') this.#found(pod, nowUs);
    }
    table.pods[slot] = pod;
    if ((table.flags[slot]! & POD.ended) === 0) this.#follow(pod, nowUs);
    if (next) return;
    if ((table.flags[slot]! & POD.ended) === 0) this.#ended(pod, 'Deleted', nowUs);
    table.close(slot);
  }

  #created(pod: PodObject, nowUs: number): void {
    this.#table.open(pod, this.#parts.facts.of(pod.identity));
    this.#totals.nCreated++;
    this.counts.nPending++;
    if (this.#parts.sinks.event) this.#event(pod, 'Created', '', nowUs);
  }

  /** It was running before anybody looked: how long it took to get there is not known. */
  #found(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    this.#scheduled(pod, nowUs);
    this.#table.flags[slot]! |= POD.running;
    this.#table.runningUs[slot] = nowUs;
    this.#table.readyUs[slot] = nowUs;
  }

  /** What this version says that was not known yet. */
  #follow(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { flags } = this.#table;
    if (pod.nodeName !== '' && (flags[slot]! & POD.placed) === 0) this.#scheduled(pod, nowUs);
    if (pod.phase === 'Running' && (flags[slot]! & POD.running) === 0) this.#running(pod, nowUs);
    const isReplica = pod.ready && pod.deletionUs === undefined && !pod.terminal;
    if (isReplica !== ((flags[slot]! & POD.ready) !== 0)) this.#readyChanged(pod, isReplica, nowUs);
    if (pod.restarts > this.#table.nRestarts[slot]!) this.#restarted(pod, nowUs);
    if (pod.disruption !== '' || pod.reason === 'Evicted') this.#evicted(pod, nowUs);
    if (pod.deletionUs !== undefined && (flags[slot]! & POD.terminating) === 0) {
      flags[slot]! |= POD.terminating;
      if (this.#parts.sinks.event) this.#event(pod, 'Terminating', '', nowUs);
    }
    // A pod that ends because it is being deleted has not come to the end of its work, whatever its containers said.
    if (pod.phase === 'Succeeded' || pod.phase === 'Failed') {
      this.#ended(pod, pod.deletionUs === undefined ? pod.phase : 'Deleted', nowUs);
    }
  }

  #scheduled(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { nodes, latency, sinks } = this.#parts;
    const { flags, nodeRows, queuedUs, assumedUs, scheduledUs, facts } = this.#table;
    const { requests, isDaemon, sketches } = facts[slot]!;
    flags[slot]! |= POD.placed;
    this.counts.nPending--;
    this.#totals.nScheduled++;
    scheduledUs[slot] = nowUs;
    const row = nodes.find(pod.nodeName);
    nodeRows[slot] = row;
    if (row !== -1) nodes.place(row, requests, isDaemon, 1, nowUs);
    const sinceUs = queuedUs[slot]!;
    if (sinceUs >= 0) latency.add(sketches, PHASE.scheduling, nowUs - sinceUs);
    if (assumedUs[slot]! >= 0) latency.add(sketches, PHASE.binding, nowUs - assumedUs[slot]!);
    if (sinks.event) this.#event(pod, 'Scheduled', '', nowUs);
  }

  #running(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { latency, sinks } = this.#parts;
    const { flags, facts, scheduledUs, runningUs, pulledUs } = this.#table;
    const { sketches, hasStartupObjective } = facts[slot]!;
    flags[slot]! |= POD.running;
    runningUs[slot] = nowUs;
    latency.add(sketches, PHASE.start, nowUs - scheduledUs[slot]!);
    if (pulledUs[slot]! > 0) latency.add(sketches, PHASE.pull, pulledUs[slot]!);
    if (hasStartupObjective && (flags[slot]! & POD.refused) === 0) {
      latency.add(sketches, PHASE['slo-startup'], Math.max(0, nowUs - pod.createdUs - pulledUs[slot]!));
    }
    if (sinks.event) this.#event(pod, 'Running', '', nowUs);
  }

  #readyChanged(pod: PodObject, isReplica: boolean, nowUs: number): void {
    const { slot } = pod.identity;
    const { latency, workloads, sinks } = this.#parts;
    const { flags, facts, runningUs, readyUs } = this.#table;
    const { sketches, workload } = facts[slot]!;
    flags[slot]! ^= POD.ready;
    if (workload) workloads.readyChanged(workload, isReplica ? 1 : -1, nowUs);
    if (isReplica && !(readyUs[slot]! >= 0)) {
      readyUs[slot] = nowUs;
      latency.add(sketches, PHASE.ready, nowUs - runningUs[slot]!);
      latency.add(sketches, PHASE.startup, nowUs - pod.createdUs);
    }
    // That a pod which ends is not ready goes without saying.
    if (sinks.event && pod.active) this.#event(pod, isReplica ? 'Ready' : 'NotReady', '', nowUs);
  }

  #restarted(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { nRestarts, facts } = this.#table;
    const nNew = pod.restarts - nRestarts[slot]!;
    nRestarts[slot] = pod.restarts;
    this.#totals.nRestarts += nNew;
    const { workload } = facts[slot]!;
    if (workload) workload.record.nRestarts += nNew;
    if (this.#parts.sinks.event) this.#event(pod, 'Restarted', pod.waiting, nowUs);
  }

  #evicted(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { flags, facts } = this.#table;
    if ((flags[slot]! & POD.evicted) !== 0) return;
    flags[slot]! |= POD.evicted;
    const reason = pod.disruption || pod.reason;
    this.evictions.set(reason, (this.evictions.get(reason) ?? 0) + 1);
    const { workload } = facts[slot]!;
    if (workload) workload.record.nEvictions++;
    if (this.#parts.sinks.event) this.#event(pod, 'Evicted', reason, nowUs);
  }

  /** The pod needs no room any more. */
  #ended(pod: PodObject, outcome: 'Succeeded' | 'Failed' | 'Deleted', nowUs: number): void {
    const { slot } = pod.identity;
    const { nodes, latency, sinks } = this.#parts;
    const { flags, facts, nodeRows, runningUs } = this.#table;
    const { requests, isDaemon, sketches } = facts[slot]!;
    if ((flags[slot]! & POD.ready) !== 0) this.#readyChanged(pod, false, nowUs);
    if ((flags[slot]! & POD.placed) === 0) this.counts.nPending--;
    else if (nodeRows[slot] !== -1) nodes.place(nodeRows[slot]!, requests, isDaemon, -1, nowUs);
    flags[slot]! |= POD.ended;
    if (outcome === 'Deleted') this.#totals.nDeleted++;
    else {
      if (outcome === 'Succeeded') this.#totals.nSucceeded++;
      else this.#totals.nFailed++;
      if (runningUs[slot]! >= 0) latency.add(sketches, PHASE.run, nowUs - runningUs[slot]!);
      latency.add(sketches, PHASE.lifetime, nowUs - pod.createdUs);
    }
    if (sinks.event) this.#event(pod, outcome, pod.reason, nowUs);
    if (sinks.pod) this.#tell(pod, outcome);
  }

  #tell(pod: PodObject, outcome: PodOutcome): void {
    const { slot } = pod.identity;
    const { facts, queuedUs, scheduledUs, runningUs, readyUs, nAttempts, nRestarts } = this.#table;
    const record = this.#record;
    record.pod = pod;
    record.className = facts[slot]!.className;
    record.outcome = outcome;
    record.queuedUs = known(queuedUs[slot]!);
    record.scheduledUs = known(scheduledUs[slot]!);
    record.runningUs = known(runningUs[slot]!);
    record.readyUs = known(readyUs[slot]!);
    record.finishedUs = pod.finishedUs;
    record.deletedUs = pod.deletionUs;
    record.nAttempts = nAttempts[slot]!;
    record.nRestarts = nRestarts[slot]!;
    record.reason = outcome === 'Pending' ? this.#pendingReason(pod) : pod.disruption || pod.reason;
    this.#parts.sinks.pod!(record);
  }

  #pendingReason(pod: PodObject): string {
    if (pod.scheduledMessage !== '') return pod.scheduledMessage;
    if (pod.scheduledReason !== '') return pod.scheduledReason;
    if (this.#table.queuedUs[pod.slot]! >= 0) return 'not tried yet';
    return `no scheduler is named ${pod.shape.spec.schedulerName ?? 'default-scheduler'}`;
  }

  #event(pod: PodObject, event: string, detail: string, atUs: number): void {
    const { namespace, name, nodeName } = pod;
    this.#parts.sinks.event!({ atUs, kind: 'Pod', namespace, name, event, nodeName, detail });
  }

  // --- What the scheduler tells ---

  podQueued({ slot, uid }: PodIdentity, nowUs: number): void {
    const { queuedUs } = this.#table;
    if (this.#table.is(slot, uid) && !(queuedUs[slot]! >= 0)) queuedUs[slot] = nowUs;
  }

  podAssumed({ slot, uid }: PodIdentity, _nodeName: string, _cycleUs: number, nowUs: number): void {
    this.#scheduling.nAttempts++;
    if (!this.#table.is(slot, uid)) return;
    this.#table.nAttempts[slot]!++;
    this.#table.flags[slot]! |= POD.assumed;
    this.#table.assumedUs[slot] = nowUs;
  }

  podFailed(
    { slot, uid }: PodIdentity,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    _cycleUs: number,
    nowUs: number,
  ): void {
    this.#scheduling.nFailedAttempts++;
    const { flags, nAttempts, pods } = this.#table;
    const isKnown = this.#table.is(slot, uid);
    // A binding that fails belongs to an attempt that has been counted.
    const isCounted = isKnown && (flags[slot]! & POD.assumed) !== 0;
    if (!isCounted) this.#scheduling.nAttempts++;
    if (!isKnown) return;
    if (!isCounted) nAttempts[slot]!++;
    flags[slot] = (flags[slot]! & ~POD.assumed) | POD.refused;
    if (this.#parts.sinks.event) this.#event(pods[slot]!, reason, message, nowUs);
  }

  podBound(): void {}

  podPreempts({ slot, uid }: PodIdentity, nodeName: string, nVictims: number, nowUs: number): void {
    this.#scheduling.nPreemptions++;
    this.#scheduling.nVictims += nVictims;
    if (!this.#parts.sinks.event || !this.#table.is(slot, uid)) return;
    this.#event(this.#table.pods[slot]!, 'Preempts', `${nVictims} on ${nodeName}`, nowUs);
  }

  queueChanged(
    nActive: number,
    nBackoff: number,
    nUnschedulable: number,
    nGated: number,
    nowUs: number,
  ): void {
    this.#parts.passTo(nowUs);
    this.queues.changed(nActive, nBackoff, nUnschedulable, nGated, nowUs);
    const { counts } = this;
    counts.nActive = nActive;
    counts.nBackoff = nBackoff;
    counts.nUnschedulable = nUnschedulable;
    counts.nGated = nGated;
  }

  // --- The end of the run ---

  /** Tells of the pods that are still there. */
  finish(): { pods: PodTotals; scheduling: SchedulingTotals; pending: PendingReason[] } {
    const { flags, pods } = this.#table;
    const pending = new Map<string, { reason: string; nPods: number; example: string }>();
    const alive = pods.filter(
      (pod) => pod !== undefined && (flags[pod.slot]! & POD.ended) === 0,
    ) as PodObject[];
    alive.sort((a, b) => a.uid - b.uid);
    let nRunning = 0;
    for (const pod of alive) {
      const isPlaced = (flags[pod.slot]! & POD.placed) !== 0;
      const isRunning = (flags[pod.slot]! & POD.running) !== 0;
      if (isRunning) nRunning++;
      if (!isPlaced) {
        const reason = this.#pendingReason(pod);
        const same = pending.get(reason);
        if (same) same.nPods++;
        else pending.set(reason, { reason, nPods: 1, example: `${pod.namespace}/${pod.name}` });
      }
      if (this.#parts.sinks.pod) this.#tell(pod, isRunning ? 'Running' : isPlaced ? 'Starting' : 'Pending');
    }
    const nStarting = alive.length - nRunning - this.counts.nPending;
    return {
      pods: { ...this.#totals, nPending: this.counts.nPending, nStarting, nRunning },
      scheduling: { ...this.#scheduling },
      // Reasons of equally many pods stay in the order of their oldest pods.
      pending: [...pending.values()].sort((a, b) => b.nPods - a.nPods),
    };
  }
}

function known(us: number): number | undefined {
  return us >= 0 ? us : undefined;
}
