/**
 * What a node's own state says about pods that ask the same of single nodes: whether it is feasible as far as that
 * goes, and the weighted sum of the scores that no other node has a part in. Kept current node by node through the
 * change log, by calling the plugins for the nodes that changed.
 */
import { Change, type ChangeLog } from '../../cluster/change-log.ts';
import { MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { LocalFilter, LocalScore, LocalTerms } from './class-terms.ts';
import type { Positions } from './positions.ts';

export const INFEASIBLE = -1;

export class LocalScores {
  /** By position; INFEASIBLE or the sum. */
  readonly scores: Int32Array;
  /** By position: nodes of equal numbers have the same raw scores from the plugins that normalize. */
  readonly ranks: Uint16Array;
  nRanks = 0;
  /** Set when a plugin has answered what only the plain scan can deal with. */
  obstacle = '';
  readonly #terms: LocalTerms;
  readonly #positions: Positions;
  readonly #static: Int32Array;
  /** Entries of the log before this one are taken in. */
  #cursor = 0;

  constructor(terms: LocalTerms, positions: Positions, log: ChangeLog) {
    this.#terms = terms;
    this.#positions = positions;
    this.scores = new Int32Array(positions.size);
    this.#static = new Int32Array(positions.size);
    this.ranks = new Uint16Array(positions.size);
    this.#workOutStatic();
    this.#workOutAll();
    this.#cursor = log.head;
  }

  /** Takes in what has happened to pods since. */
  catchUp(log: ChangeLog): void {
    if (this.#cursor === log.head) return;
    if (!log.reaches(this.#cursor) || log.head - this.#cursor > this.scores.length) this.#workOutAll();
    else {
      for (let i = this.#cursor; i < log.head; i++) {
        if (log.kindAt(i) > Change.TerminatingPodAdded) continue;
        const position = this.#positions.ofRow[log.nodeAt(i)]!;
        this.scores[position] = this.#workOut(position);
      }
    }
    this.#cursor = log.head;
  }

  #workOutAll(): void {
    for (let position = 0; position < this.scores.length; position++) {
      this.scores[position] = this.#workOut(position);
    }
  }

  #workOut(position: number): number {
    const fixed = this.#static[position]!;
    if (fixed === INFEASIBLE) return INFEASIBLE;
    const node = this.#positions.rows[position]!;
    const { nodeFilters, nodeScores } = this.#terms;
    for (let i = 0; i < nodeFilters.length; i++) if (!this.#passes(nodeFilters[i]!, node)) return INFEASIBLE;
    let sum = fixed;
    for (let i = 0; i < nodeScores.length; i++) sum += this.#weighted(nodeScores[i]!, node);
    return sum;
  }

  #workOutStatic(): void {
    const { staticFilters, staticScores, rankedScores } = this.#terms;
    const ranks = new Map<string, number>();
    for (let position = 0; position < this.#static.length; position++) {
      const node = this.#positions.rows[position]!;
      let sum = 0;
      if (!staticFilters.every((filter) => this.#passes(filter, node))) sum = INFEASIBLE;
      else for (const score of staticScores) sum += this.#weighted(score, node);
      this.#static[position] = sum;
      if (sum === INFEASIBLE) continue;
      const raw = rankedScores
        .map(({ plugin, state }) => plugin.score!(state, node, this.#terms.cycle))
        .join(' ');
      let rank = ranks.get(raw);
      if (rank === undefined) ranks.set(raw, (rank = ranks.size));
      this.ranks[position] = rank;
    }
    this.nRanks = ranks.size;
    if (ranks.size > 2 ** 16) this.obstacle = 'too many different scores to normalize';
  }

  #passes({ plugin, state }: LocalFilter, node: number): boolean {
    const status = plugin.filter!(state, node, this.#terms.cycle);
    if (status === undefined) return true;
    if (status.code === 'Error') this.obstacle = `${plugin.name} fails on some node`;
    return false;
  }

  #weighted({ plugin, state, weight }: LocalScore, node: number): number {
    const score = plugin.score!(state, node, this.#terms.cycle);
    if (score >= 0 && score <= MAX_NODE_SCORE && Number.isInteger(score)) return score * weight;
    this.obstacle = `${plugin.name} gives scores that are not whole numbers up to ${MAX_NODE_SCORE}`;
    return 0;
  }
}
