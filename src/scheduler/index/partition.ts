/**
 * All nodes in groups that get the same from every plugin but for their local scores: by ranks of static raw scores,
 * by topology domains, and, where each node is a domain of its own, by what is counted there. Classes share a partition
 * unless something is counted node by node.
 */
import type { LabelColumn } from '../../cluster/label-columns.ts';
import type { DomainState } from '../plugins/domain-state.ts';
import { Backlog, type Changed, type Visitor } from './backlog.ts';
import type { Cohort } from './cohort.ts';
import { GroupTree } from './group-tree.ts';
import { type Grouping, N_NUMBERS_MAX } from './grouping.ts';
import type { LocalScores } from './local-scores.ts';
import type { NodeChanges } from './node-changes.ts';
import type { NodeCopies } from './node-copies.ts';
import { Numbering } from './numbering.ts';
import type { Positions } from './positions.ts';
import { INFEASIBLE } from './score-column.ts';

/** Whoever is asked for with fewer changes since the last time takes them in by itself. */
const N_MISSED_MIN = 32;
/** Of fewer nodes than this, all are soon placed anew. */
const N_NODES_MIN = 128;
/** Who is not asked for within so many times the usual number of changes need not be kept current. */
const PATIENCE = 4;

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

export class Partition implements Visitor {
  tree!: GroupTree;
  /** The cycle that asked for it last. */
  lastUsedAt = 0;
  /** Given up to make room: nobody may use it any more. */
  isDropped = false;
  readonly #changes: NodeChanges;
  readonly #cohort: Cohort;
  readonly #local: LocalScores;
  readonly #grouping: Grouping;
  readonly #tallies: readonly StateKey[];
  /** By tally: what it makes together with all before it; the last tally's numbers are the groups'. */
  readonly #numberings: readonly Numbering[];
  readonly #last: Numbering | undefined;
  readonly #backlog: Backlog;
  /** Sums of local scores by row, which several classes have partitions of their own over; only with tallies. */
  #kept: Int32Array | undefined;
  #positions: Positions | undefined;
  #groupingVersion = 0;
  /** Said when there are too many groups. */
  #excess = '';
  /** With too many groups, all is tried again after so many changes of nodes. */
  #retryAt = 0;
  /** Changes until it was asked for last, and how many there were since the time before: of the last two times. */
  #askedAt = 0;
  #nMissed = 0;
  #nMissedBefore = 0;

  constructor(
    changed: Changed,
    cohort: Cohort,
    local: LocalScores,
    grouping: Grouping,
    tallies: readonly StateKey[],
  ) {
    this.#changes = changed.changes;
    this.#cohort = cohort;
    this.#local = local;
    this.#grouping = grouping;
    this.#tallies = tallies;
    this.#numberings = tallies.map(() => new Numbering());
    this.#last = this.#numberings.at(-1);
    this.#backlog = new Backlog(changed, local.static.swayed);
  }

  /** Why it cannot serve, or ''. */
  get obstacle(): string {
    return this.#local.static.obstacle || this.#excess;
  }

  /** The parts that it rests upon. */
  get basis(): readonly object[] {
    return [this.#local, this.#local.static, this.#grouping];
  }

  /** Of static raw scores, by which nodes are told apart. */
  get nRanks(): number {
    return this.#local.static.nRanks;
  }

  get nBytes(): number {
    return this.tree?.nBytes ?? 0;
  }

  drop(): void {
    this.isDropped = true;
    this.#cohort.leave(this);
  }

  /** How many changes of nodes are taken in. */
  get nTakenIn(): number {
    return this.#backlog.nCopies;
  }
  set nTakenIn(n: number) {
    this.#backlog.nCopies = n;
  }

  /** Going by when it was asked for. */
  get isExpectedSoon(): boolean {
    const usual = Math.max(this.#nMissed, this.#nMissedBefore);
    return this.#changes.nCopies - this.#askedAt <= PATIENCE * usual;
  }

  /**
   * Whether it can take in changes of nodes before it is asked for. If the groups were numbered anew meanwhile, what it takes
   * in is of no use and does no harm: all nodes are placed anew when it is asked for.
   */
  canTakeIn(positions: Positions): boolean {
    this.#grouping.catchUp(positions);
    return this.obstacle === '' && this.#grouping.obstacle === '';
  }

  /** Works out local scores. */
  workOut(copies: NodeCopies, from: number, to: number): void {
    this.#local.workOut(copies, from, to);
  }

  /** Takes in a local score. */
  place(row: number, position: number, score: number): void {
    this.tree.place(position, score, this.#grouping.numbers.data[row]!);
  }

  /** Takes in what has happened since. The states of tallies must be current. */
  catchUp(positions: Positions): void {
    const grouping = this.#grouping;
    if (this.#changes.nCopies < this.#retryAt) return;
    grouping.catchUp(positions);
    if (grouping.obstacle !== '') {
      this.#excess = grouping.obstacle;
      this.#positions = undefined;
      return;
    }
    if (this.#tallies.length > 0) this.#kept = this.#local.current(positions);
    const known = this.#positions;
    this.#positions = positions;
    const isMadeAnew = !known || this.#groupingVersion !== grouping.version;
    if (!isMadeAnew && known !== positions) this.tree.reseat(known, positions);
    if (isMadeAnew || this.#backlog.isLong(positions)) this.#placeAll(positions);
    else {
      this.#backlog.visitChanged(this);
      if (this.#hasTooManyNumbers) this.#placeAll(positions);
    }
    this.#noteAsked(isMadeAnew || known !== positions);
  }

  /** Twice in a row with much in between: that is going to go on. */
  #noteAsked(isNew: boolean): void {
    const { nCopies } = this.#changes;
    this.#nMissedBefore = isNew ? 0 : this.#nMissed;
    this.#nMissed = isNew ? 0 : nCopies - this.#askedAt;
    this.#askedAt = nCopies;
    if (Math.min(this.#nMissed, this.#nMissedBefore) < N_MISSED_MIN || this.tree.size < N_NODES_MIN) return;
    if (!this.tree.isInTiles && this.#tallies.length === 0 && this.obstacle === '') this.#cohort.join(this);
  }

  #placeAll(positions: Positions): void {
    this.#groupingVersion = this.#grouping.version;
    for (const numbering of this.#numberings) numbering.clear();
    this.#cohort.leave(this);
    this.tree = new GroupTree(positions.size);
    this.#backlog.visitAll(positions, this);
    this.#excess = '';
    if (!this.#hasTooManyNumbers) return;
    this.#excess = 'too many groups of nodes';
    this.#positions = undefined;
    this.#retryAt = this.#changes.nCopies + positions.size;
  }

  get #hasTooManyNumbers(): boolean {
    return this.#last !== undefined && this.#last.size > N_NUMBERS_MAX;
  }

  visit(copies: NodeCopies, from: number, to: number): void {
    if (this.#hasTooManyNumbers) return;
    const kept = this.#kept;
    if (!kept) this.workOut(copies, from, to);
    const { rows, sums } = copies;
    const { tree } = this;
    const { ofRow } = this.#positions!;
    const numbers = this.#grouping.numbers.data;
    tree.readAhead(copies, from, to, ofRow);
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      const position = ofRow[row]!;
      if (position === -1) continue;
      if (!kept) tree.place(position, sums[i]!, numbers[row]!);
      else if (kept[row] === INFEASIBLE) tree.place(position, INFEASIBLE, 0);
      else tree.place(position, kept[row]!, this.#tallied(row, numbers[row]!));
    }
  }

  #tallied(row: number, fixed: number): number {
    const tallies = this.#tallies;
    let number = fixed;
    for (let i = 0; i < tallies.length; i++) {
      const { state, key } = tallies[i]!;
      number = this.#numberings[i]!.of(number, state.tally(key, state.domainOf(key, row)));
    }
    return number;
  }
}
