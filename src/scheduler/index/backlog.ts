/** The nodes that have changed since somebody last looked, handed over in batches of copies. */
import type { NodeTable } from '../../cluster/node-table.ts';
import type { NodeChanges } from './node-changes.ts';
import type { NodeCopies } from './node-copies.ts';
import type { Positions } from './positions.ts';
import type { RecentRows } from './recent-rows.ts';

export interface Visitor {
  /** Takes in what stands in some copies. */
  visit(copies: NodeCopies, from: number, to: number): void;
}

/** Where backlogs look. */
export interface Changed {
  readonly nodes: NodeTable;
  readonly changes: NodeChanges;
  /** To work with. */
  readonly batch: NodeCopies;
}

export class Backlog {
  readonly #changed: Changed;
  /** Nodes of which something else than their pods and themselves has changed. */
  readonly #swayed: RecentRows;
  /** How many copies are taken in; -1 = nothing is. */
  nCopies = -1;
  #nSwayed = 0;

  constructor(changed: Changed, swayed: RecentRows) {
    this.#changed = changed;
    this.#swayed = swayed;
  }

  /** Whether all nodes must be visited, or might as well. */
  isLong({ size }: Positions): boolean {
    const { nCopies, copies } = this.#changed.changes;
    return this.nCopies === -1 || nCopies - this.nCopies > Math.min(size, copies.capacity);
  }

  visitAll({ rows, size }: Positions, visitor: Visitor): void {
    const { batch, nodes } = this.#changed;
    this.#close();
    for (let done = 0; done < size; done += batch.capacity) {
      const n = Math.min(size - done, batch.capacity);
      batch.copyMany(rows, done, n, nodes);
      visitor.visit(batch, 0, n);
    }
  }

  /** A node may be visited more than once; the last time counts. It may have left. */
  visitChanged(visitor: Visitor): void {
    const { nCopies, copies } = this.#changed.changes;
    const { capacity } = copies;
    const from = this.nCopies % capacity;
    const to = from + nCopies - this.nCopies;
    const nSwayed = this.#nSwayed;
    this.#close();
    visitor.visit(copies, from, Math.min(to, capacity));
    if (to > capacity) visitor.visit(copies, 0, to - capacity);
    if (this.#swayed.head !== nSwayed) this.#visitSwayed(nSwayed, visitor);
  }

  #visitSwayed(known: number, visitor: Visitor): void {
    const { batch, nodes } = this.#changed;
    const swayed = this.#swayed;
    let n = 0;
    for (let row = swayed.newest; swayed.isAfter(row, known); row = swayed.before(row)) {
      if (n === batch.capacity) {
        visitor.visit(batch, 0, n);
        n = 0;
      }
      batch.copy(n++, row, nodes);
    }
    visitor.visit(batch, 0, n);
  }

  #close(): void {
    this.nCopies = this.#changed.changes.nCopies;
    this.#nSwayed = this.#swayed.head;
  }
}
