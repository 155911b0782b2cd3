/**
 * The scheduling queue: pods to be tried (activeQ), pods that wait out a penalty (backoffQ), and pods that wait for an
 * event (unschedulable or gated), and the rules by which pods move between them.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/scheduling_queue.go with the gates SchedulerPopFromBackoffQ
 * and SchedulerAsyncPreemption. Left out: pod groups, plugins that answer Pending (no plugin of the default profile
 * does). One pod at a time is in flight: its scheduling cycle runs.
 */
import { assert } from '../../base/assert.ts';
import type { PodClasses } from '../../cluster/pod-class.ts';
import { ActiveQueue } from './active-queue.ts';
import { type BackoffOptions, BackoffQueue } from './backoff-queue.ts';
import { EventKind, type Subject } from './cluster-event.ts';
import { Place, QueueTable } from './queue-table.ts';
import type { HintPod, QueueingHints } from './queueing-hints.ts';
import { type UnschedulableGroup, UnschedulablePods } from './unschedulable-pods.ts';

export interface SchedulingQueueOptions {
  readonly backoff: BackoffOptions;
  /** Pods that nothing has moved for longer than this are tried again. */
  readonly maxUnschedulableUs: number;
  readonly classes: PodClasses;
  /** By number of profile. */
  readonly hints: readonly QueueingHints[];
  /** PreEnqueue: the position of the plugin that keeps the pod out of the queue, or -1. */
  readonly gateOf: (row: number) => number;
  /** The only node that will do for the pod, '' for any. */
  readonly pinnedNodeOf: (row: number) => string;
}

interface RecordedEvent {
  readonly kind: EventKind;
  readonly now: Subject;
  readonly before: Subject;
}

export class SchedulingQueue {
  readonly table = new QueueTable();
  readonly #options: SchedulingQueueOptions;
  readonly #active: ActiveQueue;
  readonly #backoff: BackoffQueue;
  readonly #unschedulable: UnschedulablePods;
  #inFlight = -1;
  /** What happened since the pod in flight was popped. */
  #events: RecordedEvent[] = [];

  constructor(options: SchedulingQueueOptions) {
    this.#options = options;
    this.#active = new ActiveQueue(this.table);
    this.#backoff = new BackoffQueue(this.table, options.backoff);
    this.#unschedulable = new UnschedulablePods(this.table);
  }

  get nActive(): number {
    return this.#active.size;
  }
  get nBackoff(): number {
    return this.#backoff.size;
  }
  /** Pods backing off from an error: nothing but time brings them back. */
  get nErrorBackoff(): number {
    return this.#backoff.nFailed;
  }
  /** Whether a pod backs off from an error that has not yet come back so often that its back-off is at its longest. */
  get hasFreshErrors(): boolean {
    return this.#backoff.hasFreshErrors;
  }
  /** Without the gated ones. */
  get nUnschedulable(): number {
    return this.#unschedulable.size - this.#unschedulable.nGated;
  }
  get nGated(): number {
    return this.#unschedulable.nGated;
  }

  /** Whether an event could matter to anybody now; spares callers the trouble of describing it. */
  get isListening(): boolean {
    return this.#inFlight !== -1 || this.#unschedulable.size > 0;
  }

  isInFlight(row: number): boolean {
    return row === this.#inFlight;
  }

  /** Takes in a pod that is new to the scheduler. */
  add(row: number, cls: number, profile: number, priority: number, nowUs: number): void {
    this.table.enter(row, cls, profile, priority, nowUs);
    this.#toActive(row, nowUs, false);
  }

  /** Takes out the pod to be tried next, or returns -1; with an empty activeQ the first of backoffQ. */
  pop(): number {
    assert(this.#inFlight === -1, 'a scheduling cycle is running');
    let row = this.#active.pop();
    if (row === -1) row = this.#backoff.popRejected();
    if (row === -1) return -1;
    this.table.place[row] = Place.InFlight;
    this.table.nAttempts[row]!++;
    this.#inFlight = row;
    return row;
  }

  /** The pod in flight needs the queue no longer: it was assumed, or there is nothing to try. */
  done(): void {
    const row = this.#inFlight;
    if (row === -1) return;
    if (this.table.place[row] === Place.InFlight) this.table.place[row] = Place.None;
    this.#inFlight = -1;
    if (this.#events.length > 0) this.#events = [];
  }

  /**
   * Takes back a pod whose attempt failed. `rejectors` are the plugins that rejected it; none means that the attempt
   * itself failed, in the cycle or while binding.
   */
  fail(row: number, rejectors: number, nowUs: number): void {
    const { table } = this;
    assert(this.#inFlight === row || table.place[row] === Place.None, 'a failed pod is in the queue already');
    const events = this.#inFlight === row ? this.#events : [];
    if (this.#inFlight === row) this.done();
    table.rejectors[row] = rejectors;
    if (rejectors === 0) table.nErrors[row]!++;
    else {
      table.nUnschedulable[row]!++;
      table.nErrors[row] = 0;
    }
    table.stamp(row, nowUs);
    const pod = this.#hintPod(table.cls[row]!, row);
    const hints = this.#hintsOf(row);
    const isWorth = events.some(({ kind, now, before }) =>
      hints.isWorthRequeuing(pod, rejectors, kind, now, before),
    );
    if (isWorth || rejectors === 0) this.#requeue(row, nowUs);
    else this.#wait(row);
  }

  /**
   * Something happened in the cluster: pods move for which it is worth another attempt.
   * @param priorityMax pods of higher priority stay where they are.
   */
  moveAll(
    kind: EventKind,
    now: Subject,
    before: Subject,
    nowUs: number,
    priorityMax = Number.POSITIVE_INFINITY,
  ): void {
    const { classes } = this.#options;
    const moved: UnschedulableGroup[] = [];
    for (const group of this.#unschedulable.groups()) {
      if (classes.all[group.cls]!.priority > priorityMax) continue;
      if (this.#isMovedBy(group, kind, now, before)) moved.push(group);
    }
    for (const group of moved) this.#requeueGroup(group, nowUs);
    if (this.#inFlight !== -1) this.#events.push({ kind, now, before });
  }

  /** The pod itself changed, maybe to another class; `kinds` say how. */
  update(
    row: number,
    cls: number,
    kinds: readonly EventKind[],
    now: Subject,
    before: Subject,
    nowUs: number,
  ): void {
    const { table } = this;
    if (row === this.#inFlight) {
      table.cls[row] = cls;
      for (const kind of kinds) this.#events.push({ kind, now, before });
      return;
    }
    if (table.place[row] !== Place.Unschedulable) {
      table.cls[row] = cls;
      return;
    }
    this.#unschedulable.remove(row);
    table.cls[row] = cls;
    const pod = this.#hintPod(cls, row);
    const hints = this.#hintsOf(row);
    for (const kind of kinds) {
      if (!hints.isWorthRequeuing(pod, table.rejectors[row]!, kind, now, before)) continue;
      this.#requeue(row, nowUs);
      if (table.place[row] !== Place.Unschedulable) return;
      this.#unschedulable.remove(row);
    }
    this.#wait(row);
  }

  /** Brings a waiting pod to activeQ at once; in flight it will be tried again whatever rejects it. */
  activate(row: number, nowUs: number): void {
    if (row === this.#inFlight) {
      this.#events.push({ kind: EventKind.Wildcard, now: undefined, before: undefined });
      return;
    }
    const place = this.table.placeOf(row);
    if (place === Place.Unschedulable) {
      this.#unschedulable.remove(row);
      this.#toActive(row, nowUs, false);
    } else if (place === Place.Backoff || place === Place.ErrorBackoff) {
      this.#backoff.remove(row);
      this.#toActive(row, nowUs, true);
    }
  }

  /** Forgets a pod, wherever it is. */
  remove(row: number): void {
    const place = this.table.placeOf(row);
    if (place === Place.Active) this.#active.remove(row);
    else if (place === Place.Backoff || place === Place.ErrorBackoff) this.#backoff.remove(row);
    else if (place === Place.Unschedulable) this.#unschedulable.remove(row);
    else if (row === this.#inFlight) this.table.place[row] = Place.None;
  }

  /** Moves the pods whose back-off is over to activeQ. To be called at every whole second of the calendar. */
  flushBackoff(nowUs: number): void {
    for (let row = this.#backoff.popCompleted(nowUs); row !== -1; row = this.#backoff.popCompleted(nowUs)) {
      this.#toActive(row, nowUs, true);
    }
  }

  /** Moves the pods that have waited too long for an event. To be called every 30 s. */
  flushUnschedulable(nowUs: number): void {
    const { table } = this;
    const overdue: number[] = [];
    for (const { rows } of this.#unschedulable.groups()) {
      for (let row = rows.first; row !== -1; row = table.next[row]!) {
        const sinceUs = Math.max(table.timestampUs[row]!, table.flushedUs[row]!);
        if (nowUs - sinceUs > this.#options.maxUnschedulableUs) overdue.push(row);
      }
    }
    for (const row of overdue) {
      table.flushedUs[row] = nowUs;
      this.#unschedulable.remove(row);
      this.#requeue(row, nowUs);
    }
    if (overdue.length > 0 && this.#inFlight !== -1) {
      this.#events.push({ kind: EventKind.Wildcard, now: undefined, before: undefined });
    }
  }

  #isMovedBy(group: UnschedulableGroup, kind: EventKind, now: Subject, before: Subject): boolean {
    if (kind === EventKind.Wildcard) return true;
    const hints = this.#options.hints[group.profile]!;
    if (!hints.concerns(kind, group.rejectors)) return group.rejectors === 0;
    if (group.gate !== -1 && !hints.concerns(kind, 1 << group.gate)) return false;
    return hints.isWorthRequeuing(
      this.#hintPod(group.cls, group.rows.first),
      group.rejectors,
      kind,
      now,
      before,
    );
  }

  #requeueGroup(group: UnschedulableGroup, nowUs: number): void {
    // A pod that is still gated comes back to the end of its group, so only those there now are moved.
    for (let nLeft = group.rows.size; nLeft > 0; nLeft--) {
      const row = group.rows.first;
      this.#unschedulable.remove(row);
      this.#requeue(row, nowUs);
    }
  }

  /** After its back-off, or at once if that is over. */
  #requeue(row: number, nowUs: number): void {
    if (!this.#backoff.isBackingOff(row, nowUs)) this.#toActive(row, nowUs, false);
    else if (!this.#isGated(row)) this.#backoff.push(row);
  }

  #toActive(row: number, nowUs: number, passedGates: boolean): void {
    if (!passedGates && this.#isGated(row)) return;
    const { table } = this;
    if (Number.isNaN(table.firstActiveUs[row]!)) table.firstActiveUs[row] = nowUs;
    this.#active.push(row);
  }

  /** Runs PreEnqueue; a gated pod is put with the unschedulable ones. */
  #isGated(row: number): boolean {
    const { table } = this;
    const gate = this.#options.gateOf(row);
    table.gate[row] = gate;
    if (gate === -1) return false;
    table.rejectors[row]! |= 1 << gate;
    this.#wait(row);
    return true;
  }

  #wait(row: number): void {
    this.#unschedulable.add(row, this.#options.pinnedNodeOf(row) !== '');
  }

  #hintPod(cls: number, row: number): HintPod {
    return { cls: this.#options.classes.all[cls]!, pinnedNode: this.#options.pinnedNodeOf(row) };
  }

  #hintsOf(row: number): QueueingHints {
    return this.#options.hints[this.table.profile[row]!]!;
  }
}
