/**
 * All nodes in groups that get the same from every plugin but for their local scores: by ranks of static raw scores,
 * by topology domains, and, where each node is a domain of its own, by what is counted there. Classes share a partition
 * unless something is counted node by node.
 */
import { Change, type ChangeLog } from '../../cluster/change-log.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { DomainState } from '../plugins/domain-state.ts';
import { GroupTree } from './group-tree.ts';
import { INFEASIBLE, type LocalScores } from './local-scores.ts';
import type { Positions } from './positions.ts';

/** More groups than this cost more than scanning. */
const N_GROUPS_MAX = 256;
/** Groups are numbered up to here, empty ones included, before all are numbered anew. */
const N_NUMBERS_MAX = 1024;

/** One key of a state that tells nodes apart. */
export interface StateKey {
  readonly state: DomainState;
  readonly key: number;
}

export interface Division {
  /** Topology keys whose domains are told apart. */
  readonly columns: readonly LabelColumn[];
  /** Keys by which nodes are told apart by what is counted there. */
  readonly tallies: readonly StateKey[];
}

export class Partition {
  tree: GroupTree;
  /** Set when there are too many groups. */
  obstacle = '';
  readonly #local: LocalScores;
  readonly #positions: Positions;
  readonly #tallies: readonly StateKey[];
  /** By position: the number of the part of the group that does not change. */
  readonly #fixed: Uint16Array;
  /** By tally: the number of what it makes together with all before it; the last tally's numbers are the groups'. */
  readonly #numbers = new Map<number, number>();
  readonly #nNumbers: Int32Array;
  #cursor: number;

  constructor(local: LocalScores, positions: Positions, { columns, tallies }: Division, log: ChangeLog) {
    this.#local = local;
    this.#positions = positions;
    this.#tallies = tallies;
    this.#nNumbers = new Int32Array(tallies.length);
    this.#fixed = new Uint16Array(positions.size);
    this.#cursor = log.head;
    this.tree = new GroupTree(positions.size);
    this.#workOutFixed(columns);
    this.#placeAll();
  }

  /** Takes in what has happened to pods since. The local scores and the states of tallies must be current. */
  catchUp(log: ChangeLog): void {
    const cursor = this.#cursor;
    if (cursor === log.head) return;
    this.#cursor = log.head;
    if (!log.reaches(cursor) || log.head - cursor > this.#positions.size) {
      this.#placeAll();
      return;
    }
    for (let i = cursor; i < log.head; i++) {
      if (log.kindAt(i) > Change.TerminatingPodAdded) continue;
      this.#place(this.#positions.ofRow[log.nodeAt(i)]!);
      if (this.#hasTooManyNumbers) {
        this.#placeAll();
        return;
      }
    }
  }

  #placeAll(): void {
    if (this.#hasTooManyNumbers) {
      // Forgets the groups that have become empty.
      this.#numbers.clear();
      this.#nNumbers.fill(0);
      this.tree = new GroupTree(this.#positions.size);
    }
    for (let position = 0; position < this.#positions.size && this.obstacle === ''; position++) {
      this.#place(position);
      if (this.#hasTooManyNumbers) this.obstacle = 'too many groups of nodes';
    }
  }

  get #hasTooManyNumbers(): boolean {
    return this.#nNumbers.length > 0 && this.#nNumbers.at(-1)! > N_NUMBERS_MAX;
  }

  #place(position: number): void {
    const score = this.#local.scores[position]!;
    const group = this.#fixed[position]!;
    if (score === INFEASIBLE || this.#tallies.length === 0) this.tree.place(position, score, group);
    else this.tree.place(position, score, this.#tallied(position, group));
  }

  #tallied(position: number, fixed: number): number {
    const row = this.#positions.rows[position]!;
    let number = fixed;
    for (let i = 0; i < this.#tallies.length; i++) {
      const { state, key } = this.#tallies[i]!;
      number = this.#numberOf(i, number, state.tally(key, state.domainOf(key, row)));
    }
    return number;
  }

  /** Numbers what comes together in order of first appearance. */
  #numberOf(i: number, before: number, tally: number): number {
    const pair = (tally + 2 ** 20) * 2 ** 30 + before * this.#tallies.length + i;
    let number = this.#numbers.get(pair);
    if (number === undefined) {
      number = this.#nNumbers[i]!++;
      this.#numbers.set(pair, number);
    }
    return number;
  }

  #workOutFixed(columns: readonly LabelColumn[]): void {
    const numbers = new Map<string, number>();
    for (let position = 0; position < this.#fixed.length; position++) {
      const row = this.#positions.rows[position]!;
      const values = columns.map((column) => column.data[row]!);
      const key = [this.#local.ranks[position], ...values].join(' ');
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = numbers.size));
      this.#fixed[position] = number;
    }
    if (numbers.size > N_GROUPS_MAX) this.obstacle = 'too many topology domains';
  }
}
