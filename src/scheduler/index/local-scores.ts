/**
 * What a node's own state says about pods that ask the same of single nodes: whether it is feasible as far as that
 * goes, and the weighted sum of the scores that no other node has a part in.
 */
import { Int32Column } from '../../base/columns.ts';
import { Backlog, type Changed, type Visitor } from './backlog.ts';
import type { LocalFilter, LocalScore, LocalTerms } from './class-terms.ts';
import type { NodeCopies } from './node-copies.ts';
import type { Positions } from './positions.ts';
import { INFEASIBLE } from './score-column.ts';
import { isScore, type StaticScores } from './static-scores.ts';

export class LocalScores implements Visitor {
  readonly static: StaticScores;
  readonly #terms: LocalTerms;
  readonly #backlog: Backlog;
  /** By row, for partitions that share them. */
  readonly #kept = new Int32Column();
  #staticVersion = 0;

  constructor(terms: LocalTerms, fixed: StaticScores, changed: Changed) {
    this.#terms = terms;
    this.static = fixed;
    this.#backlog = new Backlog(changed, fixed.swayed);
  }

  /** INFEASIBLE or the sum, by row, after what has happened until now. Static scores must be current. */
  current(positions: Positions): Int32Array {
    const kept = this.#kept;
    kept.grow(positions.ofRow.length);
    if (this.#staticVersion !== this.static.version || this.#backlog.isLong(positions)) {
      this.#staticVersion = this.static.version;
      this.#backlog.visitAll(positions, this);
    } else this.#backlog.visitChanged(this);
    return kept.data;
  }

  visit(copies: NodeCopies, from: number, to: number): void {
    this.workOut(copies, from, to);
    const { data } = this.#kept;
    for (let i = from; i < to; i++) data[copies.rows[i]!] = copies.sums[i]!;
  }

  /** Sets the sums of some copies of nodes by asking the plugins. */
  workOut(copies: NodeCopies, from: number, to: number): void {
    const { rows, passes, sums } = copies;
    const { nodeFilters, nodeScores } = this.#terms;
    const fixed = this.static.sums;
    for (let i = from; i < to; i++) {
      sums[i] = fixed[rows[i]!]!;
      passes[i] = sums[i] === INFEASIBLE ? 0 : 1;
    }
    for (let i = 0; i < nodeFilters.length; i++) this.#filter(nodeFilters[i]!, copies, from, to);
    for (let i = 0; i < nodeScores.length; i++) this.#add(nodeScores[i]!, copies, from, to);
    for (let i = from; i < to; i++) if (passes[i] === 0) sums[i] = INFEASIBLE;
  }

  #filter(filter: LocalFilter, copies: NodeCopies, from: number, to: number): void {
    const { rows, passes } = copies;
    const { plugin, state } = filter;
    if (plugin.filterMany) {
      plugin.filterMany(state, copies, from, to, passes);
      return;
    }
    for (let i = from; i < to; i++) {
      if (passes[i] === 1 && !this.static.passes(filter, rows[i]!, this.#terms.cycle)) passes[i] = 0;
    }
  }

  #add({ plugin, state, weight }: LocalScore, copies: NodeCopies, from: number, to: number): void {
    const { rows, passes, scores, sums } = copies;
    if (plugin.scoreMany) plugin.scoreMany(state, copies, from, to, scores);
    else {
      for (let i = from; i < to; i++) {
        if (passes[i] === 1) scores[i] = plugin.score!(state, rows[i]!, this.#terms.cycle);
      }
    }
    for (let i = from; i < to; i++) {
      if (isScore(scores[i]!)) sums[i]! += weight * scores[i]!;
      else if (passes[i] === 1) this.static.reportScoreOf(plugin);
    }
  }
}
