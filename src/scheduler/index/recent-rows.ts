/**
 * Node rows in order of their last change, as a linked list: whoever remembers up to which change it knows walks from
 * the newest row back to there and meets each changed row once, however often it has changed.
 */
export class RecentRows {
  /** Changes so far: the number of the last one. */
  head = 0;
  /** The row of the last change, -1 if there was none. */
  newest = -1;
  /** By row: the number of its last change, 0 = none. */
  #changedAt = new Float64Array(64);
  /** By row: its neighbours in the list. */
  #older = new Int32Array(64);
  #newer = new Int32Array(64);

  touch(row: number): void {
    if (row >= this.#changedAt.length) this.#grow(row);
    if (row !== this.newest) {
      if (this.#changedAt[row] !== 0) this.#unlink(row);
      if (this.newest !== -1) this.#newer[this.newest] = row;
      this.#older[row] = this.newest;
      this.newest = row;
    }
    this.#changedAt[row] = ++this.head;
  }

  /** Whether the row has changed after the change of that number; so have all newer ones then. */
  isAfter(row: number, change: number): boolean {
    return row !== -1 && this.#changedAt[row]! > change;
  }

  /** The row that changed last before this one, -1 if there is none. */
  before(row: number): number {
    return this.#older[row]!;
  }

  #unlink(row: number): void {
    const older = this.#older[row]!;
    const newer = this.#newer[row]!;
    this.#older[newer] = older;
    if (older !== -1) this.#newer[older] = newer;
  }

  #grow(row: number): void {
    const capacity = Math.max(row + 1, this.#changedAt.length * 2);
    this.#changedAt = grown(this.#changedAt, new Float64Array(capacity));
    this.#older = grown(this.#older, new Int32Array(capacity));
    this.#newer = grown(this.#newer, new Int32Array(capacity));
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
