/**
 * What a node's own labels, taints and allocatable say about pods that ask the same of them: whether it is feasible as
 * far as that goes, the weighted sum of scores, and the rank of raw scores that are normalized later. By row.
 */
import { type Cycle, MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { AnyPlugin } from '../framework/profile.ts';
import type { LocalFilter, LocalScore, LocalTerms } from './class-terms.ts';
import type { NodeChanges } from './node-changes.ts';
import type { Positions } from './positions.ts';
import { RecentRows } from './recent-rows.ts';
import { INFEASIBLE, type ScoreColumn, scoreColumn } from './score-column.ts';

const N_RANKS_MAX = 2 ** 16;

export class StaticScores {
  /** By row; INFEASIBLE or the sum. */
  sums: ScoreColumn;
  /** Nodes of equal numbers have the same raw scores from the plugins that normalize. */
  ranks = new Uint16Array(0);
  /** How many ranks there ever were. */
  nRanks = 1;
  /** Set when a plugin has answered what only the plain scan can deal with. */
  obstacle = '';
  /** Moves when all nodes were asked anew, and all that builds on the answers is to be made anew. */
  version = 0;
  /** Nodes whose sums have changed although they have not. */
  readonly swayed = new RecentRows();
  readonly #terms: LocalTerms;
  readonly #changes: NodeChanges;
  /** By row: the part of the sums that rests upon the node alone. */
  #own: ScoreColumn;
  /** What the rest of the sums rests upon besides. */
  #basis = '';
  /** By plugin that normalizes. */
  #rankings: readonly Ranking[] = [];
  /** Updates of nodes that are taken in; -1 = nothing is. */
  #nUpdates = -1;

  constructor(terms: LocalTerms, changes: NodeChanges) {
    this.#terms = terms;
    this.#changes = changes;
    this.sums = scoreColumn(0, terms.staticScoreMax);
    this.#own = scoreColumn(0, terms.staticScoreMax);
  }

  get nBytes(): number {
    return this.sums.byteLength + this.#own.byteLength + this.ranks.byteLength;
  }

  /** Takes in what has happened to nodes. */
  catchUp(positions: Positions): void {
    const { updated } = this.#changes;
    const known = this.#nUpdates;
    if (known === updated.head) return;
    this.#nUpdates = updated.head;
    this.#reserve(positions.ofRow.length);
    const before = this.#basis;
    this.#basis = this.#terms.swayedScores.map(({ plugin }) => plugin.staticBasis!(this.#terms.cycle)).join();
    if (known === -1 || this.obstacle !== '') {
      this.#askAll(positions);
      return;
    }
    for (let row = updated.newest; updated.isAfter(row, known); row = updated.before(row)) {
      if (positions.has(row)) this.#ask(Int32Array.of(row));
      else this.sums[row] = INFEASIBLE;
    }
    if (this.#basis === before) return;
    for (let i = 0; i < positions.size; i++) this.#sway(positions.rows[i]!);
  }

  passes({ plugin, state }: LocalFilter, node: number, cycle: Cycle): boolean {
    const status = plugin.filter!(state, node, cycle);
    if (status === undefined) return true;
    if (status.code === 'Error') this.obstacle = `${plugin.name} fails on some node`;
    return false;
  }

  /** A plugin has given a score that is none. */
  reportScoreOf({ name }: AnyPlugin): void {
    this.obstacle = `${name} gives scores that are not whole numbers up to ${MAX_NODE_SCORE}`;
  }

  #weighted({ plugin, state, weight }: LocalScore, node: number): number {
    const score = plugin.score!(state, node, this.#terms.cycle);
    if (isScore(score)) return score * weight;
    this.reportScoreOf(plugin);
    return 0;
  }

  #askAll({ rows }: Positions): void {
    this.obstacle = '';
    this.version++;
    this.nRanks = 1;
    this.#rankings = this.#terms.rankedScores.map(() => new Ranking());
    this.#ask(rows);
  }

  #reserve(nRows: number): void {
    if (nRows <= this.sums.length) return;
    const ranks = new Uint16Array(nRows * 2);
    ranks.set(this.ranks);
    this.ranks = ranks;
    this.sums = this.#grown(this.sums, nRows * 2);
    this.#own = this.#grown(this.#own, nRows * 2);
  }

  #grown(from: ScoreColumn, size: number): ScoreColumn {
    const to = scoreColumn(size, this.#terms.staticScoreMax);
    to.set(from);
    return to;
  }

  /** One plugin after the other: each goes through all nodes at once. */
  #ask(rows: Int32Array): void {
    const own = this.#own;
    const { sums } = this;
    const { staticFilters, staticScores, swayedScores } = this.#terms;
    for (let i = 0; i < rows.length; i++) own[rows[i]!] = 0;
    for (const filter of staticFilters) this.#filter(filter, rows);
    for (const score of staticScores) this.#add(score, rows, own);
    for (let i = 0; i < rows.length; i++) sums[rows[i]!] = own[rows[i]!]!;
    for (const score of swayedScores) this.#add(score, rows, sums);
    this.#rank(rows);
  }

  #filter(filter: LocalFilter, rows: Int32Array): void {
    const own = this.#own;
    const { cycle } = this.#terms;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (own[row] !== INFEASIBLE && !this.passes(filter, row, cycle)) own[row] = INFEASIBLE;
    }
  }

  #add(score: LocalScore, rows: Int32Array, sums: ScoreColumn): void {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (sums[row] !== INFEASIBLE) sums[row]! += this.#weighted(score, row);
    }
  }

  #swayedSum(row: number): number {
    const { swayedScores } = this.#terms;
    let sum = 0;
    for (let i = 0; i < swayedScores.length; i++) sum += this.#weighted(swayedScores[i]!, row);
    return sum;
  }

  #sway(row: number): void {
    const own = this.#own[row]!;
    if (own === INFEASIBLE) return;
    const sum = own + this.#swayedSum(row);
    if (sum === this.sums[row]) return;
    this.sums[row] = sum;
    this.swayed.touch(row);
  }

  /** Nodes are told apart by one raw score after the other. */
  #rank(rows: Int32Array): void {
    const { rankedScores, cycle } = this.#terms;
    for (let i = 0; i < rows.length; i++) this.ranks[rows[i]!] = 0;
    for (const [at, { plugin, state }] of rankedScores.entries()) {
      const ranking = this.#rankings[at]!;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        if (this.#own[row] === INFEASIBLE) continue;
        const rank = ranking.of(this.ranks[row]!, plugin.score!(state, row, cycle));
        if (rank >= N_RANKS_MAX) this.obstacle = 'too many different scores to normalize';
        this.ranks[row] = rank;
      }
    }
    this.nRanks = Math.max(1, this.#rankings.at(-1)?.size ?? 1);
  }
}

/** Whether sums can be made of it. */
export function isScore(score: number): boolean {
  return score >= 0 && score <= MAX_NODE_SCORE && score === (score | 0);
}

/** Numbers combinations of a rank and one more raw score in order of first appearance. */
class Ranking {
  size = 0;
  readonly #byRaw: Map<number, number>[] = [];

  of(before: number, raw: number): number {
    const ranks = (this.#byRaw[before] ??= new Map());
    let rank = ranks.get(raw);
    if (rank === undefined) ranks.set(raw, (rank = this.size++));
    return rank;
  }
}
