/**
 * What is known of each pod alive, by its slot. The numbers of a pod lie side by side in one row: when a pod ends, long after
 * it was last looked at, they come from memory together.
 */
import type { PodObject } from '../kube/pod-object.ts';
import type { PodFacts } from './pod-facts.ts';

/** Bits of the field `flags`. */
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

/** Places of the numbers in a pod's row. Times are NaN until they come. */
export const FIELD = {
  uid: 0,
  flags: 1,
  /** Of the node in the node ledger, -1 for none. */
  nodeRow: 2,
  nAttempts: 3,
  nRestarts: 4,
  queuedUs: 5,
  assumedUs: 6,
  scheduledUs: 7,
  runningUs: 8,
  readyUs: 9,
  /** Containers that wait for their images, since when, and for how long some have. */
  nPulling: 10,
  pullSinceUs: 11,
  pulledUs: 12,
} as const;
const STRIDE = 13;

export class PodLedger {
  readonly pods: (PodObject | undefined)[] = [];
  readonly facts: PodFacts[] = [];
  /** Rows of FIELD, from `at(slot)` on. Replaced when the table grows. */
  numbers = new Float64Array(STRIDE * 1024);

  /** Where the row of a slot begins. */
  at(slot: number): number {
    return slot * STRIDE;
  }

  /** Takes the row of a new pod. */
  open(pod: PodObject, facts: PodFacts): void {
    const { slot, uid } = pod.identity;
    const at = this.at(slot);
    while (at >= this.numbers.length) this.#grow();
    this.pods[slot] = pod;
    this.facts[slot] = facts;
    const { numbers } = this;
    numbers[at + FIELD.uid] = uid;
    numbers[at + FIELD.flags] = 0;
    numbers[at + FIELD.nodeRow] = -1;
    numbers[at + FIELD.nAttempts] = 0;
    numbers[at + FIELD.nRestarts] = 0;
    numbers[at + FIELD.queuedUs] = Number.NaN;
    numbers[at + FIELD.assumedUs] = Number.NaN;
    numbers[at + FIELD.scheduledUs] = Number.NaN;
    numbers[at + FIELD.runningUs] = Number.NaN;
    numbers[at + FIELD.readyUs] = Number.NaN;
    numbers[at + FIELD.nPulling] = 0;
    numbers[at + FIELD.pulledUs] = 0;
  }

  close(slot: number): void {
    this.pods[slot] = undefined;
    this.numbers[this.at(slot) + FIELD.uid] = 0;
  }

  is(slot: number, uid: number): boolean {
    return this.numbers[this.at(slot) + FIELD.uid] === uid;
  }

  flags(slot: number): number {
    return this.numbers[this.at(slot) + FIELD.flags]!;
  }

  set(slot: number, flag: number): void {
    this.numbers[this.at(slot) + FIELD.flags]! |= flag;
  }

  #grow(): void {
    const numbers = new Float64Array(this.numbers.length * 2);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }
}
