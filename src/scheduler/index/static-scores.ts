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
  nRanks = 0;
  /** Set when a plugin has answered what only the plain scan can deal with. */
  obstacle = '';

  constructor(terms: LocalTerms, { rows }: Positions) {
    const { staticFilters, staticScores, rankedScores, cycle } = terms;
    this.scores = new Int32Array(rows.length);
    this.ranks = new Uint16Array(rows.length);
    const ranks = new Map<string, number>();
    for (let position = 0; position < rows.length; position++) {
      const node = rows[position]!;
      let sum = 0;
      if (!staticFilters.every((filter) => this.passes(filter, node, terms))) sum = INFEASIBLE;
      else for (const score of staticScores) sum += this.weighted(score, node, terms);
      this.scores[position] = sum;
      if (sum === INFEASIBLE) continue;
      const raw = rankedScores.map(({ plugin, state }) => plugin.score!(state, node, cycle)).join(' ');
      let rank = ranks.get(raw);
      if (rank === undefined) ranks.set(raw, (rank = ranks.size));
      this.ranks[position] = rank;
    }
    this.nRanks = ranks.size;
    if (ranks.size > 2 ** 16) this.obstacle = 'too many different scores to normalize';
  }

  passes({ plugin, state }: LocalFilter, node: number, { cycle }: LocalTerms): boolean {
    const status = plugin.filter!(state, node, cycle);
    if (status === undefined) return true;
    if (status.code === 'Error') this.obstacle = `${plugin.name} fails on some node`;
    return false;
  }

  weighted({ plugin, state, weight }: LocalScore, node: number, { cycle }: LocalTerms): number {
    const score = plugin.score!(state, node, cycle);
    if (score >= 0 && score <= MAX_NODE_SCORE && Number.isInteger(score)) return score * weight;
    this.obstacle = `${plugin.name} gives scores that are not whole numbers up to ${MAX_NODE_SCORE}`;
    return 0;
  }
}
