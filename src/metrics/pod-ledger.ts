/** Columns of what is known of each pod alive, by its slot. Times are NaN until they come. */
import type { PodObject } from '../kube/pod-object.ts';
import type { PodFacts } from './pod-facts.ts';

/** Bits of `flags`. */
export const POD = {
  /** Counts on its node. */
  placed: 1,
  running: 2,
  /** Counts as a ready replica of its workload. */
  ready: 4,
  /** A scheduling cycle found a node and its binding is under way. */
  assumed: 8,
  /** A scheduling cycle found none. */
  refused: 16,
  /** Its eviction has been counted. */
  evicted: 32,
  terminating: 64,
  /** Finished: its record is out. */
  ended: 128,
} as const;

export class PodLedger {
  nSlots = 0;
  readonly pods: (PodObject | undefined)[] = [];
  readonly facts: PodFacts[] = [];
  uids = new Float64Array(1024);
  flags = new Uint8Array(1024);
  nodeRows = new Int32Array(1024);
  nAttempts = new Int32Array(1024);
  nRestarts = new Int32Array(1024);
  queuedUs = new Float64Array(1024);
  assumedUs = new Float64Array(1024);
  scheduledUs = new Float64Array(1024);
  runningUs = new Float64Array(1024);
  readyUs = new Float64Array(1024);
  /** Containers that wait for their images, since when, and for how long some have. */
  nPulling = new Uint8Array(1024);
  pullSinceUs = new Float64Array(1024);
  pulledUs = new Float64Array(1024);

  /** Takes the row of a new pod. */
  open(pod: PodObject, facts: PodFacts): void {
    const { slot, uid } = pod.identity;
    while (slot >= this.uids.length) this.#grow();
    if (slot >= this.nSlots) this.nSlots = slot + 1;
    this.pods[slot] = pod;
    this.facts[slot] = facts;
    this.uids[slot] = uid;
    this.flags[slot] = 0;
    this.nodeRows[slot] = -1;
    this.nAttempts[slot] = 0;
    this.nRestarts[slot] = 0;
    this.queuedUs[slot] = Number.NaN;
    this.assumedUs[slot] = Number.NaN;
    this.scheduledUs[slot] = Number.NaN;
    this.runningUs[slot] = Number.NaN;
    this.readyUs[slot] = Number.NaN;
    this.nPulling[slot] = 0;
    this.pulledUs[slot] = 0;
  }

  close(slot: number): void {
    this.pods[slot] = undefined;
    this.uids[slot] = 0;
  }

  is(slot: number, uid: number): boolean {
    return this.uids[slot] === uid;
  }

  #grow(): void {
    this.uids = doubled(this.uids, Float64Array);
    this.flags = doubled(this.flags, Uint8Array);
    this.nodeRows = doubled(this.nodeRows, Int32Array);
    this.nAttempts = doubled(this.nAttempts, Int32Array);
    this.nRestarts = doubled(this.nRestarts, Int32Array);
    this.queuedUs = doubled(this.queuedUs, Float64Array);
    this.assumedUs = doubled(this.assumedUs, Float64Array);
    this.scheduledUs = doubled(this.scheduledUs, Float64Array);
    this.runningUs = doubled(this.runningUs, Float64Array);
    this.readyUs = doubled(this.readyUs, Float64Array);
    this.nPulling = doubled(this.nPulling, Uint8Array);
    this.pullSinceUs = doubled(this.pullSinceUs, Float64Array);
    this.pulledUs = doubled(this.pulledUs, Float64Array);
  }
}

function doubled<A extends Float64Array | Int32Array | Uint8Array>(
  from: A,
  ArrayType: new (length: number) => A,
): A {
  const to = new ArrayType(from.length * 2);
  to.set(from);
  return to;
}
