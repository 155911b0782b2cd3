/**
 * A list of pod rows in order of arrival, linked through the table's columns. A row is in at most one list at a time.
 */
import type { QueueTable } from './queue-table.ts';

export class RowList {
  first = -1;
  last = -1;
  size = 0;

  append(table: QueueTable, row: number): void {
    table.previous[row] = this.last;
    table.next[row] = -1;
    if (this.last === -1) this.first = row;
    else table.next[this.last] = row;
    this.last = row;
    this.size++;
  }

  /** Takes out a row that is in this list. */
  remove(table: QueueTable, row: number): void {
    const previous = table.previous[row]!;
    const next = table.next[row]!;
    if (previous === -1) this.first = next;
    else table.next[previous] = next;
    if (next === -1) this.last = previous;
    else table.previous[next] = previous;
    table.previous[row] = -1;
    table.next[row] = -1;
    this.size--;
  }
}
