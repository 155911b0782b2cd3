/**
 * What a node's own labels, taints and allocatable say about pods that ask the same of them: whether it is feasible as
 * far as that goes, the weighted sum of scores, and the rank of raw scores that are normalized later.
 */
import { MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { LocalFilter, LocalScore, LocalTerms } from './class-terms.ts';
import type { Positions } from './positions.ts';

export const INFEASIBLE = -1;

export class StaticScores {
  /** By position; INFEASIBLE or the sum. */
  readonly scores: Int32Array;
  /** By position: nodes of equal numbers have the same raw scores from the plugins that normalize. */
  readonly ranks: Uint16Array;
  nRanks = 1;
  /** Set when a plugin has answered what only the plain scan can deal with. */
  obstacle = '';

  constructor(terms: LocalTerms, { rows }: Positions) {
    const { staticFilters, staticScores, rankedScores, cycle } = terms;
    this.scores = new Int32Array(rows.length);
    this.ranks = new Uint16Array(rows.length);
    for (let position = 0; position < rows.length; position++) {
      const node = rows[position]!;
      let sum = 0;
      for (let i = 0; i < staticFilters.length && sum !== INFEASIBLE; i++) {
        if (!this.passes(staticFilters[i]!, node, terms)) sum = INFEASIBLE;
      }
      for (let i = 0; i < staticScores.length && sum !== INFEASIBLE; i++) {
        sum += this.weighted(staticScores[i]!, node, terms);
      }
      this.scores[position] = sum;
    }
    for (const { plugin, state } of rankedScores) {
      this.#rank(rows, (node) => plugin.score!(state, node, cycle));
    }
  }

  /** Tells apart what was equal so far by one more raw score. */
  #rank(rows: Int32Array, rawOf: (node: number) => number): void {
    const byRaw = Array.from({ length: this.nRanks }, () => new Map<number, number>());
    let nRanks = 0;
    for (let position = 0; position < rows.length; position++) {
      if (this.scores[position] === INFEASIBLE) continue;
      const ranks = byRaw[this.ranks[position]!]!;
      const raw = rawOf(rows[position]!);
      let rank = ranks.get(raw);
      if (rank === undefined) ranks.set(raw, (rank = nRanks++));
      this.ranks[position] = rank;
    }
    this.nRanks = nRanks;
    if (nRanks > 2 ** 16) this.obstacle = 'too many different scores to normalize';
  }

  passes({ plugin, state }: LocalFilter, node: number, { cycle }: LocalTerms): boolean {
    const status = plugin.filter!(state, node, cycle);
    if (status === undefined) return true;
    if (status.code === 'Error') this.obstacle = `${plugin.name} fails on some node`;
    return false;
  }

  weighted({ plugin, state, weight }: LocalScore, node: number, { cycle }: LocalTerms): number {
    const score = plugin.score!(state, node, cycle);
    if (score >= 0 && score <= MAX_NODE_SCORE && score === (score | 0)) return score * weight;
    this.obstacle = `${plugin.name} gives scores that are not whole numbers up to ${MAX_NODE_SCORE}`;
    return 0;
  }
}
