/**
 * Which candidate costs least: fewest violated budgets, then the lowest of the highest priorities, the smallest sum of
 * priorities, the fewest victims, and of the top victims' earliest start the latest.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/preemption.go pickOneNodeForPreemption.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { Candidate } from '../framework/post-filter.ts';
import { priorityOf } from './importance.ts';

/** Makes every priority positive, so that more victims never add up to less. */
const PRIORITY_OFFSET = 2 ** 31;

/** The candidates left after all rules, in the order given: the real scheduler takes any of them. */
export function bestCandidates(candidates: readonly Candidate[], cluster: Cluster): readonly Candidate[] {
  const topPriority = ({ victims }: Candidate) => priorityOf(cluster, victims[0]!);
  const costs: ((candidate: Candidate) => number)[] = [
    ({ nPdbViolations }) => nPdbViolations,
    topPriority,
    ({ victims }) => victims.reduce((sum, row) => sum + priorityOf(cluster, row) + PRIORITY_OFFSET, 0),
    ({ victims }) => victims.length,
    (candidate) => {
      const top = candidate.victims.filter((row) => priorityOf(cluster, row) === topPriority(candidate));
      return -Math.min(...top.map((row) => cluster.pods.startUs[row]!));
    },
  ];
  return costs.reduce((left, costOf) => (left.length > 1 ? cheapest(left, costOf) : left), candidates);
}

function cheapest(
  candidates: readonly Candidate[],
  costOf: (candidate: Candidate) => number,
): readonly Candidate[] {
  const costs = candidates.map(costOf);
  const least = Math.min(...costs);
  return candidates.filter((_, i) => costs[i] === least);
}
