/** The nodes by their place in the scheduler's walk, and what can be said of their labels as long as nodes stay the same. */
import type { Cluster } from '../../cluster/cluster.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';

export class Positions {
  /** Row of the node at each position. */
  readonly rows: Int32Array;
  /** Position by row, -1 where no node is. */
  readonly ofRow: Int32Array;
  /** ChangeLog.nodesVersion at which this was made: it holds no longer once that has moved. */
  readonly nodesVersion: number;
  readonly #isUnique = new Map<LabelColumn, boolean>();

  constructor({ order, nodes, log }: Cluster) {
    this.rows = order.walk();
    this.ofRow = new Int32Array(nodes.nRows).fill(-1);
    for (let position = 0; position < this.rows.length; position++)
      this.ofRow[this.rows[position]!] = position;
    this.nodesVersion = log.nodesVersion;
  }

  get size(): number {
    return this.rows.length;
  }

  /** Whether no two nodes have the same value. */
  isUnique(column: LabelColumn): boolean {
    let isUnique = this.#isUnique.get(column);
    if (isUnique === undefined) {
      const values = Array.from(this.rows, (row) => column.data[row]!).filter((value) => value !== -1);
      isUnique = new Set(values).size === values.length;
      this.#isUnique.set(column, isUnique);
    }
    return isUnique;
  }
}
