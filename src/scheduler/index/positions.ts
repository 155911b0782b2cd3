/** The nodes by their place in the scheduler's walk, as long as the walk stays the same. */
import type { Cluster } from '../../cluster/cluster.ts';

export class Positions {
  /** Row of the node at each position. */
  readonly rows: Int32Array;
  /** Position by row, -1 where no node is. */
  readonly ofRow: Int32Array;

  constructor({ order, nodes }: Cluster) {
    this.rows = order.walk();
    this.ofRow = new Int32Array(nodes.nRows).fill(-1);
    for (let position = 0; position < this.rows.length; position++)
      this.ofRow[this.rows[position]!] = position;
  }

  get size(): number {
    return this.rows.length;
  }

  has(row: number): boolean {
    return row < this.ofRow.length && this.ofRow[row] !== -1;
  }
}
