/**
 * backoffQ: pods that wait out a penalty before they are tried again, those that plugins rejected apart from those
 * whose attempt failed with an error. Ends of back-off are cut to whole seconds of the calendar, and a pod backs off
 * until the second after its end has begun.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/backoff_queue.go.
 */
import { NOT_COMPUTED, Place, type QueueTable } from './queue-table.ts';
import { RowHeap } from './row-heap.ts';

export interface BackoffOptions {
  /** Back-off after the first failure; doubles with each further one. */
  readonly initialUs: number;
  /** No back-off is longer; 0 switches back-off off. */
  readonly maxUs: number;
  /** The last whole second of the calendar at or before an instant. */
  readonly floorSecondUs: (atUs: number) => number;
}

export class BackoffQueue {
  readonly #table: QueueTable;
  readonly #options: BackoffOptions;
  readonly #rejected: RowHeap;
  readonly #failed: RowHeap;

  constructor(table: QueueTable, options: BackoffOptions) {
    this.#table = table;
    this.#options = options;
    const expiryUs = (row: number) => this.expiryUs(row);
    this.#rejected = new RowHeap(table, (a, b) => {
      const difference = expiryUs(a) - expiryUs(b);
      return difference === 0 ? table.precedes(a, b) : difference < 0;
    });
    this.#failed = new RowHeap(table, (a, b) => {
      const difference = expiryUs(a) - expiryUs(b);
      return difference === 0 ? table.sequence[a]! < table.sequence[b]! : difference < 0;
    });
  }

  get size(): number {
    return this.#rejected.size + this.#failed.size;
  }

  /** Pods backing off from an error. */
  get nFailed(): number {
    return this.#failed.size;
  }

  /** Whether a pod backs off from an error whose back-off still grows from time to time. */
  get hasFreshErrors(): boolean {
    const { initialUs, maxUs } = this.#options;
    return this.#failed.some((row) => initialUs * 2 ** (this.#table.nErrors[row]! - 1) < maxUs);
  }

  /** When the pod's back-off ends; -Infinity if it has none. */
  expiryUs(row: number): number {
    const { nErrors, nUnschedulable, expiryUs, timestampUs } = this.#table;
    const { initialUs, maxUs, floorSecondUs } = this.#options;
    const count = nErrors[row]! > 0 ? nErrors[row]! : nUnschedulable[row]!;
    if (maxUs === 0 || count === 0) return Number.NEGATIVE_INFINITY;
    if (expiryUs[row] === NOT_COMPUTED) {
      expiryUs[row] = floorSecondUs(timestampUs[row]! + Math.min(maxUs, initialUs * 2 ** (count - 1)));
    }
    return expiryUs[row]!;
  }

  isBackingOff(row: number, nowUs: number): boolean {
    return this.expiryUs(row) >= this.#options.floorSecondUs(nowUs);
  }

  push(row: number): void {
    const isRejected = this.#table.rejectors[row] !== 0;
    this.#table.place[row] = isRejected ? Place.Backoff : Place.ErrorBackoff;
    (isRejected ? this.#rejected : this.#failed).push(row);
  }

  /** Takes out the rejected pod whose back-off ends first, or returns -1. Pods with errors wait for their time. */
  popRejected(): number {
    const row = this.#rejected.top;
    if (row !== -1) this.remove(row);
    return row;
  }

  /** Takes out a pod whose back-off is over, or returns -1. */
  popCompleted(nowUs: number): number {
    for (const heap of [this.#rejected, this.#failed]) {
      const row = heap.top;
      if (row === -1 || this.isBackingOff(row, nowUs)) continue;
      this.remove(row);
      return row;
    }
    return -1;
  }

  /** Takes out a pod whose place is Backoff or ErrorBackoff. */
  remove(row: number): void {
    (this.#table.place[row] === Place.Backoff ? this.#rejected : this.#failed).remove(row);
    this.#table.place[row] = Place.None;
  }
}
