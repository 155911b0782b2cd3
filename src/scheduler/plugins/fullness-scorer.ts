/**
 * How full a node would be with the pod: the mean over resources by weight that NodeResourcesFit scores. Source:
 * kubernetes v1.37.2 pkg/scheduler/framework/plugins/noderesources/resource_allocation.go.
 */
import type { NodeColumns } from '../../cluster/node-table.ts';
import { nonZeroRequested, type PodAmounts } from './resource-amounts.ts';
import type { ResourceScorer } from './resource-scorers.ts';

export class FullnessScorer {
  readonly #scorer: ResourceScorer;

  constructor(scorer: ResourceScorer) {
    this.#scorer = scorer;
  }

  /** Of one node. */
  scoreOf({ ids, weights, amounts }: PodAmounts, columns: NodeColumns, node: number): number {
    const { leavesOutZeros } = this.#scorer;
    let sum = 0;
    let sumOfWeights = 0;
    for (let i = 0; i < ids.length; i++) {
      const allocatable = columns.allocatable[ids[i]!]![node]!;
      if (allocatable === 0) continue;
      const requested = nonZeroRequested(columns, ids[i]!)[node]! + amounts[i]!;
      const score = this.#scorer.scoreOf(requested, allocatable);
      if (leavesOutZeros && score <= 0) continue;
      sum += score * weights[i]!;
      sumOfWeights += weights[i]!;
    }
    if (sumOfWeights === 0) return 0;
    return leavesOutZeros ? Math.round(sum / sumOfWeights) : Math.trunc(sum / sumOfWeights);
  }

  /** Of many nodes. */
  scoreMany(amounts: PodAmounts, columns: NodeColumns, from: number, to: number, scores: Float64Array): void {
    if (amounts.ids.length === 2 && !this.#scorer.leavesOutZeros) {
      this.#scorePair(amounts, columns, from, to, scores);
    } else for (let i = from; i < to; i++) scores[i] = this.scoreOf(amounts, columns, i);
  }

  /** Of two resources, as nearly always: the same without lists. */
  #scorePair(
    { ids, weights, amounts }: PodAmounts,
    columns: NodeColumns,
    from: number,
    to: number,
    scores: Float64Array,
  ): void {
    const weight = weights[0]!;
    const secondWeight = weights[1]!;
    const amount = amounts[0]!;
    const secondAmount = amounts[1]!;
    const all = columns.allocatable[ids[0]!]!;
    const secondAll = columns.allocatable[ids[1]!]!;
    const used = nonZeroRequested(columns, ids[0]!);
    const secondUsed = nonZeroRequested(columns, ids[1]!);
    const scorer = this.#scorer;
    for (let i = from; i < to; i++) {
      let sum = 0;
      let sumOfWeights = 0;
      if (all[i] !== 0) {
        sum = scorer.scoreOf(used[i]! + amount, all[i]!) * weight;
        sumOfWeights = weight;
      }
      if (secondAll[i] !== 0) {
        sum += scorer.scoreOf(secondUsed[i]! + secondAmount, secondAll[i]!) * secondWeight;
        sumOfWeights += secondWeight;
      }
      scores[i] = sumOfWeights === 0 ? 0 : Math.trunc(sum / sumOfWeights);
    }
  }
}
