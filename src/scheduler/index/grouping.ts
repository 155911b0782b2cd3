/**
 * The part of a node's group that pods cannot change: the rank of its static raw scores and its topology domains.
 * Numbers what comes together in order of first appearance.
 */
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { Positions } from './positions.ts';
import type { StaticScores } from './static-scores.ts';

export class Grouping {
  /** By position. */
  readonly numbers: Uint16Array;
  nNumbers: number;

  constructor({ ranks, nRanks }: StaticScores, { rows }: Positions, columns: readonly LabelColumn[]) {
    this.numbers = ranks.slice();
    this.nNumbers = nRanks;
    for (const column of columns) this.#divide(rows, column);
  }

  #divide(rows: Int32Array, { data, values }: LabelColumn): void {
    const nValues = values.size + 1;
    const renumbered = new Map<number, number>();
    for (let position = 0; position < this.numbers.length; position++) {
      const pair = this.numbers[position]! * nValues + data[rows[position]!]! + 1;
      let number = renumbered.get(pair);
      if (number === undefined) renumbered.set(pair, (number = renumbered.size));
      this.numbers[position] = number;
    }
    this.nNumbers = renumbered.size;
  }
}
