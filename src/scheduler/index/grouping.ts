/**
 * The part of a node's group that pods cannot change: the rank of its static raw scores and its topology domains.
 * Numbers what comes together in order of first appearance. By row.
 */
import { BitSet } from '../../base/bit-set.ts';
import { Int32Column } from '../../base/columns.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { NodeChanges } from './node-changes.ts';
import { Numbering } from './numbering.ts';
import type { Positions } from './positions.ts';
import { INFEASIBLE } from './score-column.ts';
import type { StaticScores } from './static-scores.ts';

/** More groups than this cost more than scanning. */
const N_GROUPS_MAX = 256;
/** Groups are numbered up to here, empty ones included, before all are numbered anew. */
export const N_NUMBERS_MAX = 1024;

export class Grouping {
  /** The number; means nothing where the node fails by itself. */
  readonly numbers = new Int32Column();
  /** Moves when all nodes are numbered anew. */
  version = 0;
  readonly #static: StaticScores;
  readonly #columns: readonly LabelColumn[];
  readonly #changes: NodeChanges;
  /** By column: what it makes together with all before it. */
  readonly #numberings: readonly Numbering[];
  /** By number: how many nodes have it. */
  readonly #members = new Int32Column();
  /** Rows that count as members. */
  readonly #counted = new BitSet();
  #nInUse = 0;
  #staticVersion = 0;
  /** Updates of nodes that are taken in; -1 = nothing is. */
  #nUpdates = -1;

  constructor(fixed: StaticScores, columns: readonly LabelColumn[], changes: NodeChanges) {
    this.#static = fixed;
    this.#columns = columns;
    this.#changes = changes;
    this.#numberings = columns.map(() => new Numbering());
  }

  get nBytes(): number {
    return this.numbers.data.byteLength;
  }

  get obstacle(): string {
    return this.#nInUse > N_GROUPS_MAX ? 'too many topology domains' : '';
  }

  /** Takes in what has happened to nodes. */
  catchUp(positions: Positions): void {
    const { updated } = this.#changes;
    this.#static.catchUp(positions);
    const known = this.#nUpdates;
    if (known === updated.head) return;
    this.#nUpdates = updated.head;
    this.numbers.grow(positions.ofRow.length);
    if (this.#staticVersion !== this.#static.version) {
      this.#numberAll(positions);
      return;
    }
    for (let row = updated.newest; updated.isAfter(row, known); row = updated.before(row)) {
      this.#forget(row);
      if (positions.has(row)) this.#number(row);
    }
    if (this.#members.length > N_NUMBERS_MAX && this.obstacle === '') this.#numberAll(positions);
  }

  #numberAll({ rows, size }: Positions): void {
    this.#staticVersion = this.#static.version;
    this.version++;
    for (const numbering of this.#numberings) numbering.clear();
    this.#members.length = 0;
    this.#members.data.fill(0);
    this.#counted.reset();
    this.#nInUse = 0;
    for (let i = 0; i < size; i++) this.#number(rows[i]!);
  }

  #number(row: number): void {
    if (this.#static.sums[row] === INFEASIBLE) return;
    let number = this.#static.ranks[row]!;
    for (let i = 0; i < this.#columns.length; i++) {
      number = this.#numberings[i]!.of(number, this.#columns[i]!.data[row]!);
    }
    this.numbers.data[row] = number;
    this.#counted.set(row);
    this.#members.grow(number + 1);
    if (this.#members.data[number]!++ === 0) this.#nInUse++;
  }

  #forget(row: number): void {
    if (!this.#counted.has(row)) return;
    this.#counted.clear(row);
    if (--this.#members.data[this.numbers.data[row]!]! === 0) this.#nInUse--;
  }
}
