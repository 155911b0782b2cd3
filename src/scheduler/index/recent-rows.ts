/**
 * Node rows in order of their last change, as a linked list: whoever remembers up to which change it knows walks from
 * the newest row back to there and meets each changed row once, however often it has changed.
 */
import { Float64Column, Int32Column } from '../../base/columns.ts';

export class RecentRows {
  /** Changes so far: the number of the last one. */
  head = 0;
  /** The row of the last change, -1 if there was none. */
  newest = -1;
  /** By row: the number of its last change, 0 = none. */
  readonly #changedAt = new Float64Column();
  /** By row: its neighbours in the list. */
  readonly #older = new Int32Column();
  readonly #newer = new Int32Column();

  touch(row: number): void {
    if (row >= this.#changedAt.length) {
      for (const column of [this.#changedAt, this.#older, this.#newer]) column.grow(row + 1);
    }
    const changedAt = this.#changedAt.data;
    if (row !== this.newest) {
      if (changedAt[row] !== 0) this.#unlink(row);
      if (this.newest !== -1) this.#newer.data[this.newest] = row;
      this.#older.data[row] = this.newest;
      this.newest = row;
    }
    changedAt[row] = ++this.head;
  }

  /** Whether the row has changed after the change of that number; so have all newer ones then. */
  isAfter(row: number, change: number): boolean {
    return row !== -1 && this.#changedAt.data[row]! > change;
  }

  /** The row that changed last before this one, -1 if there is none. */
  before(row: number): number {
    return this.#older.data[row]!;
  }

  #unlink(row: number): void {
    const older = this.#older.data[row]!;
    const newer = this.#newer.data[row]!;
    this.#older.data[newer] = older;
    if (older !== -1) this.#newer.data[older] = newer;
  }
}
