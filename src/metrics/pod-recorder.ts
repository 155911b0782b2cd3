/**
 * Follows each pod from its creation to its end: told of every committed version and of scheduling attempts, it fills
 * columns by slot, adds durations to the sketches, and hands out a record when the pod has finished or is gone.
 */
import type { PodIdentity, PodObject } from '../kube/pod-object.ts';
import { type LatencyBook, PHASE } from './latency-book.ts';
import type { NodeLedger } from './node-ledger.ts';
import type { PodFactsTable } from './pod-facts.ts';
import { FIELD, POD, type PodLedger } from './pod-ledger.ts';
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
    if ((table.flags(slot) & POD.ended) === 0) this.#follow(pod, nowUs);
    if (next) return;
    if ((table.flags(slot) & POD.ended) === 0) this.#ended(pod, 'Deleted', nowUs);
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
    const { numbers } = this.#table;
    const at = this.#table.at(slot);
    this.#table.set(slot, POD.running);
    numbers[at + FIELD.runningUs] = nowUs;
    numbers[at + FIELD.readyUs] = nowUs;
  }

  /** What this version says that was not known yet. */
  #follow(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const table = this.#table;
    if (pod.nodeName !== '' && (table.flags(slot) & POD.placed) === 0) this.#scheduled(pod, nowUs);
    if (pod.phase === 'Running' && (table.flags(slot) & POD.running) === 0) this.#running(pod, nowUs);
    const isReplica = pod.ready && pod.deletionUs === undefined && !pod.terminal;
    if (isReplica !== ((table.flags(slot) & POD.ready) !== 0)) this.#readyChanged(pod, isReplica, nowUs);
    if (pod.restarts > table.numbers[table.at(slot) + FIELD.nRestarts]!) this.#restarted(pod, nowUs);
    if (pod.disruption !== '' || pod.reason === 'Evicted') this.#evicted(pod, nowUs);
    if (pod.deletionUs !== undefined && (table.flags(slot) & POD.terminating) === 0) {
      table.set(slot, POD.terminating);
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
    const { numbers, facts } = this.#table;
    const at = this.#table.at(slot);
    const { requests, isDaemon, sketches } = facts[slot]!;
    this.#table.set(slot, POD.placed);
    this.counts.nPending--;
    this.#totals.nScheduled++;
    numbers[at + FIELD.scheduledUs] = nowUs;
    const row = nodes.findOf(pod);
    numbers[at + FIELD.nodeRow] = row;
    if (row !== -1) nodes.place(row, requests, isDaemon, 1, nowUs);
    const queuedUs = numbers[at + FIELD.queuedUs]!;
    if (queuedUs >= 0) latency.add(sketches, PHASE.scheduling, nowUs - queuedUs);
    const assumedUs = numbers[at + FIELD.assumedUs]!;
    if (assumedUs >= 0) latency.add(sketches, PHASE.binding, nowUs - assumedUs);
    if (sinks.event) this.#event(pod, 'Scheduled', '', nowUs);
  }

  #running(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { latency, sinks } = this.#parts;
    const { numbers, facts } = this.#table;
    const at = this.#table.at(slot);
    const { sketches, hasStartupObjective } = facts[slot]!;
    this.#table.set(slot, POD.running);
    numbers[at + FIELD.runningUs] = nowUs;
    latency.add(sketches, PHASE.start, nowUs - numbers[at + FIELD.scheduledUs]!);
    const pulledUs = numbers[at + FIELD.pulledUs]!;
    if (pulledUs > 0) latency.add(sketches, PHASE.pull, pulledUs);
    if (hasStartupObjective && (this.#table.flags(slot) & POD.refused) === 0) {
      latency.add(sketches, PHASE['slo-startup'], Math.max(0, nowUs - pod.createdUs - pulledUs));
    }
    if (sinks.event) this.#event(pod, 'Running', '', nowUs);
  }

  #readyChanged(pod: PodObject, isReplica: boolean, nowUs: number): void {
    const { slot } = pod.identity;
    const { latency, workloads, sinks } = this.#parts;
    const { numbers, facts } = this.#table;
    const at = this.#table.at(slot);
    const { sketches, workload } = facts[slot]!;
    numbers[at + FIELD.flags]! ^= POD.ready;
    if (workload) workloads.readyChanged(workload, isReplica ? 1 : -1, nowUs);
    if (isReplica && !(numbers[at + FIELD.readyUs]! >= 0)) {
      numbers[at + FIELD.readyUs] = nowUs;
      latency.add(sketches, PHASE.ready, nowUs - numbers[at + FIELD.runningUs]!);
      latency.add(sketches, PHASE.startup, nowUs - pod.createdUs);
    }
    // That a pod which ends is not ready goes without saying.
    if (sinks.event && pod.active) this.#event(pod, isReplica ? 'Ready' : 'NotReady', '', nowUs);
  }

  #restarted(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const { numbers, facts } = this.#table;
    const at = this.#table.at(slot);
    const nNew = pod.restarts - numbers[at + FIELD.nRestarts]!;
    numbers[at + FIELD.nRestarts] = pod.restarts;
    this.#totals.nRestarts += nNew;
    const { workload } = facts[slot]!;
    if (workload) workload.record.nRestarts += nNew;
    if (this.#parts.sinks.event) this.#event(pod, 'Restarted', pod.waiting, nowUs);
  }

  #evicted(pod: PodObject, nowUs: number): void {
    const { slot } = pod.identity;
    const table = this.#table;
    if ((table.flags(slot) & POD.evicted) !== 0) return;
    table.set(slot, POD.evicted);
    const reason = pod.disruption || pod.reason;
    this.evictions.set(reason, (this.evictions.get(reason) ?? 0) + 1);
    const { workload } = table.facts[slot]!;
    if (workload) workload.record.nEvictions++;
    if (this.#parts.sinks.event) this.#event(pod, 'Evicted', reason, nowUs);
  }

  /** The pod needs no room any more. */
  #ended(pod: PodObject, outcome: 'Succeeded' | 'Failed' | 'Deleted', nowUs: number): void {
    const { slot } = pod.identity;
    const { nodes, latency, sinks } = this.#parts;
    const table = this.#table;
    const at = table.at(slot);
    const { requests, isDaemon, sketches } = table.facts[slot]!;
    if ((table.flags(slot) & POD.ready) !== 0) this.#readyChanged(pod, false, nowUs);
    const nodeRow = table.numbers[at + FIELD.nodeRow]!;
    if ((table.flags(slot) & POD.placed) === 0) this.counts.nPending--;
    else if (nodeRow !== -1) nodes.place(nodeRow, requests, isDaemon, -1, nowUs);
    table.set(slot, POD.ended);
    if (outcome === 'Deleted') this.#totals.nDeleted++;
    else {
      if (outcome === 'Succeeded') this.#totals.nSucceeded++;
      else this.#totals.nFailed++;
      const runningUs = table.numbers[at + FIELD.runningUs]!;
      if (runningUs >= 0) latency.add(sketches, PHASE.run, nowUs - runningUs);
      latency.add(sketches, PHASE.lifetime, nowUs - pod.createdUs);
    }
    if (sinks.event) this.#event(pod, outcome, pod.reason, nowUs);
    if (sinks.pod) this.#tell(pod, outcome);
  }

  #tell(pod: PodObject, outcome: PodOutcome): void {
    const { slot } = pod.identity;
    const { facts, numbers } = this.#table;
    const at = this.#table.at(slot);
    const record = this.#record;
    record.pod = pod;
    record.className = facts[slot]!.className;
    record.outcome = outcome;
    record.queuedUs = known(numbers[at + FIELD.queuedUs]!);
    record.scheduledUs = known(numbers[at + FIELD.scheduledUs]!);
    record.runningUs = known(numbers[at + FIELD.runningUs]!);
    record.readyUs = known(numbers[at + FIELD.readyUs]!);
    record.finishedUs = pod.finishedUs;
    record.deletedUs = pod.deletionUs;
    record.nAttempts = numbers[at + FIELD.nAttempts]!;
    record.nRestarts = numbers[at + FIELD.nRestarts]!;
    record.reason = outcome === 'Pending' ? this.#pendingReason(pod) : pod.disruption || pod.reason;
    this.#parts.sinks.pod!(record);
  }

  #pendingReason(pod: PodObject): string {
    if (pod.scheduledMessage !== '') return pod.scheduledMessage;
    if (pod.scheduledReason !== '') return pod.scheduledReason;
    if (this.#table.numbers[this.#table.at(pod.slot) + FIELD.queuedUs]! >= 0) return 'not tried yet';
    return `no scheduler is named ${pod.shape.spec.schedulerName ?? 'default-scheduler'}`;
  }

  #event(pod: PodObject, event: string, detail: string, atUs: number): void {
    const { namespace, name, nodeName } = pod;
    this.#parts.sinks.event!({ atUs, kind: 'Pod', namespace, name, event, nodeName, detail });
  }

  // --- What the scheduler tells ---

  podQueued({ slot, uid }: PodIdentity, nowUs: number): void {
    const { numbers } = this.#table;
    const field = this.#table.at(slot) + FIELD.queuedUs;
    if (this.#table.is(slot, uid) && !(numbers[field]! >= 0)) numbers[field] = nowUs;
  }

  podAssumed({ slot, uid }: PodIdentity, _nodeName: string, _cycleUs: number, nowUs: number): void {
    this.#scheduling.nAttempts++;
    const table = this.#table;
    if (!table.is(slot, uid)) return;
    const at = table.at(slot);
    table.numbers[at + FIELD.nAttempts]!++;
    table.numbers[at + FIELD.assumedUs] = nowUs;
    table.set(slot, POD.assumed);
  }

  podFailed(
    { slot, uid }: PodIdentity,
    reason: 'Unschedulable' | 'SchedulerError',
    message: string,
    _cycleUs: number,
    nowUs: number,
  ): void {
    this.#scheduling.nFailedAttempts++;
    const { numbers, pods } = this.#table;
    const at = this.#table.at(slot);
    const isKnown = this.#table.is(slot, uid);
    // A binding that fails belongs to an attempt that has been counted.
    const isCounted = isKnown && (this.#table.flags(slot) & POD.assumed) !== 0;
    if (!isCounted) this.#scheduling.nAttempts++;
    if (!isKnown) return;
    if (!isCounted) numbers[at + FIELD.nAttempts]!++;
    numbers[at + FIELD.flags] = (this.#table.flags(slot) & ~POD.assumed) | POD.refused;
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
    const table = this.#table;
    const pending = new Map<string, { reason: string; nPods: number; example: string }>();
    const alive = table.pods.filter(
      (pod) => pod !== undefined && (table.flags(pod.slot) & POD.ended) === 0,
    ) as PodObject[];
    alive.sort((a, b) => a.uid - b.uid);
    let nRunning = 0;
    for (const pod of alive) {
      const isPlaced = (table.flags(pod.slot) & POD.placed) !== 0;
      const isRunning = (table.flags(pod.slot) & POD.running) !== 0;
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
