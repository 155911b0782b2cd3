/**
 * The pods the scheduler knows of, as columns. Pods of one node form a list in order of arrival, those of one class that
 * are on some node another, the newest first. A row is reused once its pod is released; `generation` tells a new tenant
 * from the old one.
 */
import { assert } from '../base/assert.ts';

/** Bits of `flags`. */
export const PodFlag = {
  /** The pod has a deletion timestamp. */
  Terminating: 1,
  /** The pod is terminating because it was preempted (condition DisruptionTarget, PreemptionByScheduler). */
  Preempted: 2,
} as const;

/** Something whose name is only made when it is read. */
export interface Named {
  readonly name: string;
}

export class PodTable {
  nPods = 0;
  cls = new Int32Array(64);
  /** The node whose resources the pod holds, or -1. */
  node = new Int32Array(64).fill(-1);
  next = new Int32Array(64).fill(-1);
  previous = new Int32Array(64).fill(-1);
  nextOfClass = new Int32Array(64).fill(-1);
  flags = new Uint8Array(64);
  /** When the pod was started by its kubelet (status.startTime), in microseconds of virtual time; Infinity = not yet. */
  startUs = new Float64Array(64);
  generation = new Int32Array(64);
  readonly uids: (string | number)[] = [];
  readonly #names: (string | Named)[] = [];
  readonly #freeRows: number[] = [];
  #nRows = 0;
  #previousOfClass = new Int32Array(64).fill(-1);
  /** By class: the newest of its pods on nodes. */
  #firstOfClass = new Int32Array(64).fill(-1);

  /** A row for a pod that holds nothing yet. */
  add(cls: number, name: string | Named, uid: string | number): number {
    const row = this.#freeRows.pop() ?? this.#nRows++;
    if (row >= this.cls.length) this.#grow();
    this.nPods++;
    this.cls[row] = cls;
    this.node[row] = -1;
    this.flags[row] = 0;
    this.startUs[row] = Number.POSITIVE_INFINITY;
    this.generation[row]!++;
    this.#names[row] = name;
    this.uids[row] = uid;
    return row;
  }

  /** Gives the row back. The pod must hold no node. */
  release(row: number): void {
    assert(this.node[row] === -1, `pod ${this.nameOf(row)} still holds a node`);
    this.#names[row] = '';
    this.uids[row] = -1;
    this.nPods--;
    this.#freeRows.push(row);
  }

  nameOf(row: number): string {
    const name = this.#names[row]!;
    return typeof name === 'string' ? name : name.name;
  }

  /** The first of a class's pods on nodes, -1 = there is none; `nextOfClass` leads on. */
  firstOfClass(cls: number): number {
    return cls < this.#firstOfClass.length ? this.#firstOfClass[cls]! : -1;
  }

  /** The pod is on a node from now on. */
  enlist(row: number): void {
    const cls = this.cls[row]!;
    if (cls >= this.#firstOfClass.length) {
      this.#firstOfClass = grown(this.#firstOfClass, new Int32Array(2 * cls).fill(-1));
    }
    const second = this.#firstOfClass[cls]!;
    this.nextOfClass[row] = second;
    this.#previousOfClass[row] = -1;
    if (second !== -1) this.#previousOfClass[second] = row;
    this.#firstOfClass[cls] = row;
  }

  /** The pod is on no node any more. */
  delist(row: number): void {
    const previous = this.#previousOfClass[row]!;
    const next = this.nextOfClass[row]!;
    if (previous === -1) this.#firstOfClass[this.cls[row]!] = next;
    else this.nextOfClass[previous] = next;
    if (next !== -1) this.#previousOfClass[next] = previous;
  }

  has(row: number, flag: number): boolean {
    return (this.flags[row]! & flag) !== 0;
  }

  #grow(): void {
    const capacity = this.cls.length * 2;
    this.cls = grown(this.cls, new Int32Array(capacity));
    this.node = grown(this.node, new Int32Array(capacity).fill(-1));
    this.next = grown(this.next, new Int32Array(capacity).fill(-1));
    this.previous = grown(this.previous, new Int32Array(capacity).fill(-1));
    this.nextOfClass = grown(this.nextOfClass, new Int32Array(capacity).fill(-1));
    this.#previousOfClass = grown(this.#previousOfClass, new Int32Array(capacity).fill(-1));
    this.flags = grown(this.flags, new Uint8Array(capacity));
    this.startUs = grown(this.startUs, new Float64Array(capacity));
    this.generation = grown(this.generation, new Int32Array(capacity));
  }
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
