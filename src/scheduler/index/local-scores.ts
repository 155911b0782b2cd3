/**
 * What a node's own state says about pods that ask the same of single nodes: whether it is feasible as far as that
 * goes, and the weighted sum of the scores that no other node has a part in.
 */
import { Change, type ChangeLog } from '../../cluster/change-log.ts';
import { MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { LocalTerms } from './class-terms.ts';
import type { Positions } from './positions.ts';
import { INFEASIBLE, type StaticScores } from './static-scores.ts';

export class LocalScores {
  readonly static: StaticScores;
  readonly #terms: LocalTerms;
  readonly #positions: Positions;
  /** By position, for partitions that share them; made when first asked for. */
  #scores: Int32Array | undefined;
  /** Entries of the log before this one are in the scores. */
  #cursor = 0;

  constructor(terms: LocalTerms, positions: Positions, fixed: StaticScores) {
    this.#terms = terms;
    this.#positions = positions;
    this.static = fixed;
  }

  /** No sum is higher. */
  get scoreMax(): number {
    const { staticScores, nodeScores } = this.#terms;
    return [...staticScores, ...nodeScores].reduce((sum, { weight }) => sum + weight * MAX_NODE_SCORE, 0);
  }

  /** INFEASIBLE or the sum, by asking the plugins. */
  workOut(position: number): number {
    const fixed = this.static.scores[position]!;
    if (fixed === INFEASIBLE) return INFEASIBLE;
    const node = this.#positions.rows[position]!;
    const terms = this.#terms;
    const { nodeFilters, nodeScores } = terms;
    for (let i = 0; i < nodeFilters.length; i++) {
      if (!this.static.passes(nodeFilters[i]!, node, terms)) return INFEASIBLE;
    }
    let sum = fixed;
    for (let i = 0; i < nodeScores.length; i++) sum += this.static.weighted(nodeScores[i]!, node, terms);
    return sum;
  }

  /** All of them by position, after what has happened to pods until now. */
  current(log: ChangeLog): Int32Array {
    const cursor = this.#cursor;
    this.#cursor = log.head;
    const { size, ofRow } = this.#positions;
    const known = this.#scores;
    const scores = (this.#scores ??= new Int32Array(size));
    if (!known || !log.reaches(cursor) || log.head - cursor > size) {
      for (let position = 0; position < size; position++) scores[position] = this.workOut(position);
      return scores;
    }
    for (let i = cursor; i < log.head; i++) {
      if (log.kindAt(i) > Change.TerminatingPodAdded) continue;
      const position = ofRow[log.nodeAt(i)]!;
      scores[position] = this.workOut(position);
    }
    return scores;
  }
}
