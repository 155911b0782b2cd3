// Changes of one kind in the order of their commits, kept until every reader has taken them (the watch cache).
// Deviation: the history is as long as the slowest reader needs, so "too old resource version" never happens by itself.

/** Someone who reads a log at a pace of its own. */
export interface LogReader {
  /** Number of the next change it will read. */
  cursor: number;
  /** A change was appended. */
  notify(): void;
}

const N_TRIM_MIN = 4096;
/** So much room is kept when all is read: most instants need little, and would make it anew. */
const N_KEPT_MAX = 64;

export class WatchLog<T> {
  readonly readers: LogReader[] = [];
  #olds: (T | undefined)[] = [];
  #news: (T | undefined)[] = [];
  /** Changes in the lists. */
  #size = 0;
  /** Number of the change at position 0. */
  #first = 0;

  /** Number that the next change will get. */
  get end(): number {
    return this.#first + this.#size;
  }

  /** `old` is absent for a new object, `next` for one that is gone. */
  append(old: T | undefined, next: T | undefined): void {
    const { readers } = this;
    if (readers.length === 0) return;
    this.#olds[this.#size] = old;
    this.#news[this.#size++] = next;
    for (let readerIdx = 0; readerIdx < readers.length; readerIdx++) readers[readerIdx]!.notify();
  }

  old(number: number): T | undefined {
    return this.#olds[number - this.#first];
  }

  next(number: number): T | undefined {
    return this.#news[number - this.#first];
  }

  /** Forgets what all readers have read, now and then. */
  trim(): void {
    const { readers } = this;
    let min = this.end;
    // Readers are served in their order: while some have still to read, the last one tells at once that nothing can go.
    for (let readerIdx = readers.length - 1; readerIdx >= 0 && min > this.#first; readerIdx--) {
      min = Math.min(min, readers[readerIdx]!.cursor);
    }
    const nRead = min - this.#first;
    if (nRead === 0) return;
    if (nRead < this.#size && (nRead < N_TRIM_MIN || nRead * 2 < this.#size)) return;
    if (nRead === this.#size) this.#clear();
    else {
      this.#olds.splice(0, nRead);
      this.#news.splice(0, nRead);
    }
    this.#size -= nRead;
    this.#first = min;
  }

  /** Lets go of all versions. */
  #clear(): void {
    if (this.#size > N_KEPT_MAX) {
      this.#olds.length = 0;
      this.#news.length = 0;
    } else {
      for (let changeIdx = 0; changeIdx < this.#size; changeIdx++) {
        this.#olds[changeIdx] = undefined;
        this.#news[changeIdx] = undefined;
      }
    }
  }
}
