/**
 * What node-local plugins read of some nodes, copied side by side: one page of memory after the other instead of a
 * page for every node and column, which is what time goes to once there are many nodes.
 */
import type { NodeColumns, NodeTable } from '../../cluster/node-table.ts';

export class NodeCopies implements NodeColumns {
  readonly capacity: number;
  /** Whose copies they are. */
  readonly rows: Int32Array;
  readonly allocatable: Float64Array[] = [];
  readonly requested: Float64Array[] = [];
  readonly nonZeroCpuMilli: Float64Array;
  readonly nonZeroMemoryBytes: Float64Array;
  readonly nPods: Int32Array;
  /** What is being worked out of them for one class: 1 = feasible as far as is known. */
  readonly passes: Uint8Array;
  /** Of one plugin. */
  readonly scores: Float64Array;
  /** INFEASIBLE or the sum of local scores. */
  readonly sums: Int32Array;
  /** What was read ahead; its use is the reading. */
  readonly ahead: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.rows = new Int32Array(capacity);
    this.nonZeroCpuMilli = new Float64Array(capacity);
    this.nonZeroMemoryBytes = new Float64Array(capacity);
    this.nPods = new Int32Array(capacity);
    this.passes = new Uint8Array(capacity);
    this.scores = new Float64Array(capacity);
    this.sums = new Int32Array(capacity);
    this.ahead = new Int32Array(capacity);
  }

  /** Makes columns for all resources: one that is new was 0 wherever it has not been copied. */
  follow({ allocatable }: NodeTable): void {
    while (this.allocatable.length < allocatable.length) {
      this.allocatable.push(new Float64Array(this.capacity));
      this.requested.push(new Float64Array(this.capacity));
    }
  }

  copy(slot: number, row: number, table: NodeTable): void {
    this.rows[slot] = row;
    for (let id = 0; id < this.allocatable.length; id++) {
      this.allocatable[id]![slot] = table.allocatable[id]![row]!;
      this.requested[id]![slot] = table.requested[id]![row]!;
    }
    this.nonZeroCpuMilli[slot] = table.nonZeroCpuMilli[row]!;
    this.nonZeroMemoryBytes[slot] = table.nonZeroMemoryBytes[row]!;
    this.nPods[slot] = table.nPods[row]!;
  }

  /** Copies `n` rows of a list, from `start` on, to the first slots: one column after the other. */
  copyMany(rows: Int32Array, start: number, n: number, table: NodeTable): void {
    for (let i = 0; i < n; i++) this.rows[i] = rows[start + i]!;
    for (let id = 0; id < this.allocatable.length; id++) {
      this.#gather(table.allocatable[id]!, this.allocatable[id]!, n);
      this.#gather(table.requested[id]!, this.requested[id]!, n);
    }
    this.#gather(table.nonZeroCpuMilli, this.nonZeroCpuMilli, n);
    this.#gather(table.nonZeroMemoryBytes, this.nonZeroMemoryBytes, n);
    for (let i = 0; i < n; i++) this.nPods[i] = table.nPods[this.rows[i]!]!;
  }

  #gather(from: Float64Array, to: Float64Array, n: number): void {
    const { rows } = this;
    for (let i = 0; i < n; i++) to[i] = from[rows[i]!]!;
  }
}
