// A cluster as the plan sees it: how many nodes of each pool; its weight, its price, its point.
import type { Point } from '../experiment.ts';
import { pointId } from '../point-id.ts';
import type { Counts } from './bound.ts';
import { type PlanProblem, unitWeight } from './demand.ts';

/** Hours of a month as clouds bill it: 365 × 24 / 12. */
export const HOURS_PER_MONTH = 730;

/** Pool name -> nodes; pools without nodes are left out. What the run function is given. */
export interface Cluster {
  readonly nodes: Readonly<Record<string, number>>;
}

export function weightOf(counts: Counts, { pools, weights }: PlanProblem): number {
  return counts.reduce(
    (sum, count, p) => (count === 0 ? sum : sum + count * unitWeight(pools[p]!, weights)),
    0,
  );
}

/** Null when a price is unknown. */
export function costPerHour(counts: Counts, { pools }: PlanProblem): number | null {
  let sum = 0;
  for (const [p, count] of counts.entries()) {
    if (count === 0) continue;
    const { pricePerHour } = pools[p]!;
    if (pricePerHour === null) return null;
    sum += count * pricePerHour;
  }
  return sum;
}

export function nNodesOf(counts: Counts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export function clusterPoint(counts: Counts, { pools }: PlanProblem): Point<Cluster> {
  const used = counts.flatMap((count, p): [string, number][] => (count > 0 ? [[pools[p]!.name, count]] : []));
  const nodes = Object.fromEntries(used);
  const labels = Object.fromEntries(used.map(([name, count]) => [name, String(count)]));
  return { id: pointId(nodes), labels, setting: { nodes } };
}

/** Whether `a` has at least the nodes of `b` in every pool. */
export function includes(a: Counts, b: Counts): boolean {
  return a.every((count, p) => count >= b[p]!);
}

/** Which pools a cluster uses, as a key. */
export function supportOf(counts: Counts): string {
  return counts.map((count) => (count > 0 ? 1 : 0)).join('');
}
