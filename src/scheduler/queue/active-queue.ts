/**
 * activeQ: the pods to be tried, higher priority first, then earlier time stamp. Pods that arrive in that order, as
 * nearly all do, are kept in a list; only those that do not go to a heap.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/active_queue.go. Deviation: pods of equal priority and time
 * stamp leave in the order in which they got the stamp (the real heap leaves their order open).
 */
import { Place, type QueueTable } from './queue-table.ts';
import { RowHeap } from './row-heap.ts';
import { RowList } from './row-list.ts';

export class ActiveQueue {
  readonly #table: QueueTable;
  readonly #sorted = new RowList();
  readonly #heap: RowHeap;

  constructor(table: QueueTable) {
    this.#table = table;
    this.#heap = new RowHeap(table, (a, b) => table.precedes(a, b));
  }

  get size(): number {
    return this.#sorted.size + this.#heap.size;
  }

  push(row: number): void {
    const table = this.#table;
    table.place[row] = Place.Active;
    if (this.#sorted.size === 0 || table.precedes(this.#sorted.last, row)) this.#sorted.append(table, row);
    else this.#heap.push(row);
  }

  /** Takes out the first pod, or returns -1. */
  pop(): number {
    const { first } = this.#sorted;
    const { top } = this.#heap;
    const row = first === -1 || (top !== -1 && this.#table.precedes(top, first)) ? top : first;
    if (row !== -1) this.remove(row);
    return row;
  }

  /** Takes out a pod whose place is Active. */
  remove(row: number): void {
    if (this.#table.heapPosition[row] === -1) this.#sorted.remove(this.#table, row);
    else this.#heap.remove(row);
    this.#table.place[row] = Place.None;
  }
}
