/** Sums by topology pair (key, value), where keys are positions in a growing list of label columns. */
import type { LabelColumn } from '../../../cluster/label-columns.ts';

const NONE = new Int32Array(0);

export class PairCounts {
  /** The sum over all pairs. */
  total = 0;
  /** How many additions less removals there were: 0 = no pair was ever touched, or all was taken back. */
  nTouches = 0;
  /** By key, then by the number of the label value; empty for a key that was never touched. */
  readonly counts: Int32Array[] = [];
  readonly #columns: readonly LabelColumn[];

  constructor(columns: readonly LabelColumn[]) {
    this.#columns = columns;
  }

  /** The sum for a value of a key, by numbers. */
  of(key: number, value: number): number {
    return this.counts[key]?.[value] ?? 0;
  }

  /** Whether the sum is positive for any of the node's pairs. */
  isHit(node: number): boolean {
    if (this.total === 0) return false;
    for (let key = 0; key < this.counts.length; key++) {
      const value = this.#columns[key]!.data[node]!;
      if (value !== -1 && this.of(key, value) > 0) return true;
    }
    return false;
  }

  /** Adds for a pod that came to the node (sign 1) or takes back (sign -1); a node without the key has no pair. */
  move(key: number, node: number, amount: number, sign: 1 | -1): void {
    const column = this.#columns[key]!;
    const value = column.data[node]!;
    if (value === -1) return;
    this.#reach(key, column.values.size);
    this.counts[key]![value]! += sign * amount;
    this.total += sign * amount;
    this.nTouches += sign;
  }

  #reach(key: number, nValues: number): void {
    while (this.counts.length <= key) this.counts.push(NONE);
    if (this.counts[key]!.length >= nValues) return;
    const counts = new Int32Array(nValues);
    counts.set(this.counts[key]!);
    this.counts[key] = counts;
  }
}
