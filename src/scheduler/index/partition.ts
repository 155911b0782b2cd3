/**
 * All nodes in groups that get the same from every plugin but for their local scores: by ranks of static raw scores,
 * by topology domains, and, where each node is a domain of its own, by what is counted there. Classes share a partition
 * unless something is counted node by node.
 */
import { Change, type ChangeLog } from '../../cluster/change-log.ts';
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { DomainState } from '../plugins/domain-state.ts';
import { GroupTree } from './group-tree.ts';
import type { Grouping } from './grouping.ts';
import type { LocalScores } from './local-scores.ts';
import type { Positions } from './positions.ts';
import { INFEASIBLE } from './static-scores.ts';

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
  /** By tally: what it makes together with all before it; the last tally's numbers are the groups'. */
  readonly #numberings: readonly Numbering[];
  readonly #last: Numbering | undefined;
  #cursor: number;

  constructor(
    local: LocalScores,
    positions: Positions,
    grouping: Grouping,
    tallies: readonly StateKey[],
    log: ChangeLog,
  ) {
    this.#local = local;
    this.#positions = positions;
    this.#tallies = tallies;
    this.#numberings = tallies.map(() => new Numbering());
    this.#last = this.#numberings.at(-1);
    this.#fixed = grouping.numbers;
    this.#cursor = log.head;
    this.tree = new GroupTree(positions.size, local.scoreMax);
    if (grouping.nNumbers > N_GROUPS_MAX) this.obstacle = 'too many topology domains';
    this.#placeAll(log);
  }

  /** Takes in what has happened to pods since. The states of tallies must be current. */
  catchUp(log: ChangeLog): void {
    const cursor = this.#cursor;
    if (cursor === log.head) return;
    this.#cursor = log.head;
    if (!log.reaches(cursor) || log.head - cursor > this.#positions.size) {
      this.#placeAll(log);
      return;
    }
    const shared = this.#shared(log);
    const { ofRow } = this.#positions;
    for (let i = cursor; i < log.head; i++) {
      if (log.kindAt(i) > Change.TerminatingPodAdded) continue;
      const position = ofRow[log.nodeAt(i)]!;
      this.#place(position, shared ? shared[position]! : this.#local.workOut(position));
      if (this.#hasTooManyNumbers) {
        this.#placeAll(log);
        return;
      }
    }
  }

  #placeAll(log: ChangeLog): void {
    if (this.#hasTooManyNumbers) {
      // Forgets the groups that have become empty.
      for (const numbering of this.#numberings) numbering.clear();
      this.tree = new GroupTree(this.#positions.size, this.#local.scoreMax);
    }
    const shared = this.#shared(log);
    for (let position = 0; position < this.#positions.size && this.obstacle === ''; position++) {
      this.#place(position, shared ? shared[position]! : this.#local.workOut(position));
      if (this.#hasTooManyNumbers) this.obstacle = 'too many groups of nodes';
    }
  }

  get #hasTooManyNumbers(): boolean {
    return this.#last !== undefined && this.#last.size > N_NUMBERS_MAX;
  }

  /** Several classes have partitions of their own over the same local scores if these have tallies. */
  #shared(log: ChangeLog): Int32Array | undefined {
    return this.#tallies.length > 0 ? this.#local.current(log) : undefined;
  }

  #place(position: number, score: number): void {
    const group = this.#fixed[position]!;
    if (score === INFEASIBLE || this.#tallies.length === 0) this.tree.place(position, score, group);
    else this.tree.place(position, score, this.#tallied(position, group));
  }

  #tallied(position: number, fixed: number): number {
    const row = this.#positions.rows[position]!;
    let number = fixed;
    for (let i = 0; i < this.#tallies.length; i++) {
      const { state, key } = this.#tallies[i]!;
      number = this.#numberings[i]!.of(number, state.tally(key, state.domainOf(key, row)));
    }
    return number;
  }
}

/** Tallies up to here are looked up in a table. */
const N_SMALL = 16;

/** Numbers pairs of a number and a tally in order of first appearance. */
class Numbering {
  size = 0;
  #small = new Int32Array(N_SMALL).fill(-1);
  readonly #large = new Map<number, number>();

  of(before: number, tally: number): number {
    if (tally < -1 || tally >= N_SMALL - 1) return this.#ofLarge(before * 2 ** 32 + tally);
    const at = before * N_SMALL + tally + 1;
    if (at >= this.#small.length) this.#grow(at);
    let number = this.#small[at]!;
    if (number === -1) this.#small[at] = number = this.size++;
    return number;
  }

  clear(): void {
    this.size = 0;
    this.#small.fill(-1);
    this.#large.clear();
  }

  #ofLarge(pair: number): number {
    let number = this.#large.get(pair);
    if (number === undefined) this.#large.set(pair, (number = this.size++));
    return number;
  }

  #grow(at: number): void {
    const small = new Int32Array(2 * at).fill(-1);
    small.set(this.#small);
    this.#small = small;
  }
}
