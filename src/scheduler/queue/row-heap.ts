/**
 * A binary heap of pod rows from which any row can be taken out. A row is in at most one heap at a time, so all heaps
 * keep positions in the same column.
 */
import type { QueueTable } from './queue-table.ts';

export class RowHeap {
  size = 0;
  #rows = new Int32Array(64);
  readonly #table: QueueTable;
  readonly #precedes: (a: number, b: number) => boolean;

  /** `precedes` must be a total order whose keys do not change while a row is in the heap. */
  constructor(table: QueueTable, precedes: (a: number, b: number) => boolean) {
    this.#table = table;
    this.#precedes = precedes;
  }

  /** The first row, or -1. */
  get top(): number {
    return this.size === 0 ? -1 : this.#rows[0]!;
  }

  push(row: number): void {
    if (this.size === this.#rows.length) {
      const rows = new Int32Array(this.size * 2);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#up(this.size++, row);
  }

  /** Takes out the first row; the heap must not be empty. */
  pop(): number {
    const row = this.#rows[0]!;
    this.remove(row);
    return row;
  }

  /** Takes out a row that is in this heap. */
  remove(row: number): void {
    const position = this.#table.heapPosition[row]!;
    this.#table.heapPosition[row] = -1;
    const last = this.#rows[--this.size]!;
    if (last === row) return;
    this.#up(position, last);
    this.#down(this.#table.heapPosition[last]!, last);
  }

  /** Whether a row passes the test; in no particular order. */
  some(test: (row: number) => boolean): boolean {
    for (let i = 0; i < this.size; i++) if (test(this.#rows[i]!)) return true;
    return false;
  }

  #up(from: number, row: number): void {
    const rows = this.#rows;
    const { heapPosition } = this.#table;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const other = rows[parent]!;
      if (!this.#precedes(row, other)) break;
      rows[i] = other;
      heapPosition[other] = i;
      i = parent;
    }
    rows[i] = row;
    heapPosition[row] = i;
  }

  #down(from: number, row: number): void {
    const rows = this.#rows;
    const { heapPosition } = this.#table;
    let i = from;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.#precedes(rows[child + 1]!, rows[child]!)) child++;
      const other = rows[child]!;
      if (!this.#precedes(other, row)) break;
      rows[i] = other;
      heapPosition[other] = i;
      i = child;
    }
    rows[i] = row;
    heapPosition[row] = i;
  }
}
