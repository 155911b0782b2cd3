// The nodes as the kubelets see them, one row each: what still works, and the list of the pods that are there.
// A row is given to a name for good: a node that is deleted and registered again gets the same row in a new life.

import { Float64Column, Int32Column, Uint8Column } from '../base/columns.ts';
import { Interner } from '../base/interner.ts';
import type { PodObject } from '../kube/pod-object.ts';

/** What is out of order with a node; 0 = all is well. */
export const DOWN = {
  /** No Node object (any more): nothing ever happens here. */
  absent: 1,
  /** The kubelet has stopped; containers go on. */
  kubelet: 2,
  /** The machine is dead: its containers too. */
  machine: 4,
  /** The container runtime does not answer: what runs goes on, nothing can be started or stopped. */
  runtime: 8,
} as const;

export class NodeRows {
  readonly #names = new Interner();
  /** By `PodObject.nodeNumber`: the row + 1, 0 where it was not asked for. */
  readonly #rowOfNumber = new Int32Column();
  /** Sum of DOWN. */
  readonly down = new Uint8Column();
  /** Counts the lives of the machine: timers of an earlier life find another number. */
  readonly lives = new Int32Column();
  /** The first pod of the node's list, as slot + 1; 0 for none. */
  readonly firstPods = new Int32Column();
  readonly nPods = new Int32Column();
  /** A tick of the node's heartbeat; the others are whole periods away. */
  readonly tickUs = new Float64Column();

  get size(): number {
    return this.#names.size;
  }

  /** The row of a name, made if it is new. */
  rowOf(name: string): number {
    const row = this.#names.idOf(name);
    if (row === this.down.length) {
      this.down.push(DOWN.absent);
      this.lives.push(0);
      this.firstPods.push(0);
      this.nPods.push(0);
      this.tickUs.push(0);
    }
    return row;
  }

  /** The row of the node that a pod is bound to. */
  rowOfPod({ nodeName, nodeNumber }: PodObject): number {
    if (nodeNumber < 0) return this.rowOf(nodeName);
    const rows = this.#rowOfNumber;
    rows.grow(nodeNumber + 1);
    if (rows.data[nodeNumber] === 0) rows.data[nodeNumber] = this.rowOf(nodeName) + 1;
    return rows.data[nodeNumber]! - 1;
  }

  /** -1 for a name never heard of. */
  find(name: string): number {
    return this.#names.find(name);
  }

  name(row: number): string {
    return this.#names.name(row);
  }

  /** Does the node's kubelet act? */
  acts(row: number): boolean {
    return (this.down.data[row]! & (DOWN.absent | DOWN.kubelet | DOWN.machine)) === 0;
  }

  isDown(row: number, what: number): boolean {
    return (this.down.data[row]! & what) !== 0;
  }

  setDown(row: number, what: number): void {
    this.down.data[row]! |= what;
  }

  clearDown(row: number, what: number): void {
    this.down.data[row]! &= ~what;
  }
}
