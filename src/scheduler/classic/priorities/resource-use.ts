/**
 * LeastRequested, MostRequested, BalancedResourceAllocation and RequestedToCapacityRatio: how full a node would be.
 * Containers without requests count with the scheduler's defaults. All divisions are of whole numbers and truncate.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities (least_requested.go, most_requested.go,
 * balanced_resource_allocation.go, requested_to_capacity_ratio.go, resource_allocation.go).
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { CPU, MEMORY } from '../../../cluster/resources.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { nonZeroRequested, requestsKey } from '../../plugins/resource-amounts.ts';
import { brokenLine, leastAllocated } from '../../plugins/resource-scorers.ts';
import type { ClassicRelease } from '../release.ts';

/** Scores of 0..10, as policies write them. */
export type Shape = readonly { readonly utilization: number; readonly score: number }[];

const SHAPE_SCORE_MAX = 10;
export const DEFAULT_SHAPE: Shape = [
  { utilization: 0, score: SHAPE_SCORE_MAX },
  { utilization: 100, score: 0 },
];
export const DEFAULT_RATIO_RESOURCES: ReadonlyMap<string, number> = new Map([
  ['cpu', 1],
  ['memory', 1],
]);

/** One resource's score from what would be requested and what there is. */
type Formula = (requested: number, capacity: number) => number;

export function leastRequested(name: string, { maxScore }: ClassicRelease): Plugin {
  return meanPriority(name, (requested, capacity) =>
    capacity === 0 ? 0 : leastAllocated(requested, capacity, maxScore),
  );
}

/** A node that would be over-committed scores 0, not the maximum. */
export function mostRequested(name: string, { maxScore }: ClassicRelease): Plugin {
  return meanPriority(name, (requested, capacity) =>
    capacity === 0 || requested > capacity ? 0 : Math.trunc((requested * maxScore) / capacity),
  );
}

/** The mean of cpu's and memory's scores. */
function meanPriority(name: string, formula: Formula): Plugin {
  const scoreOf = (id: number, node: number, cls: PodClass, cluster: Cluster) =>
    formula(requestedWith(id, node, cls, cluster), cluster.nodes.allocatable[id]![node]!);
  return {
    name,
    scoreScope: 'node',
    classKey: requestsKey,
    score: (_, node, { cls, cluster }) =>
      Math.trunc((scoreOf(CPU, node, cls, cluster) + scoreOf(MEMORY, node, cls, cluster)) / 2),
  };
}

export function balancedResourceAllocation(name: string, { maxScore }: ClassicRelease): Plugin {
  const shareOf = (id: number, node: number, cls: PodClass, cluster: Cluster) => {
    const capacity = cluster.nodes.allocatable[id]![node]!;
    return capacity === 0 ? 1 : requestedWith(id, node, cls, cluster) / capacity;
  };
  return {
    name,
    scoreScope: 'node',
    classKey: requestsKey,
    score(_, node, { cls, cluster }) {
      const cpu = shareOf(CPU, node, cls, cluster);
      const memory = shareOf(MEMORY, node, cls, cluster);
      return cpu >= 1 || memory >= 1 ? 0 : Math.trunc((1 - Math.abs(cpu - memory)) * maxScore);
    },
  };
}

/** Resources that score 0 drop out of the weighted mean. */
export function requestedToCapacityRatio(
  name: string,
  { maxScore }: ClassicRelease,
  shape: Shape = DEFAULT_SHAPE,
  resources: ReadonlyMap<string, number> = DEFAULT_RATIO_RESOURCES,
): Plugin {
  const points = shape.map(({ utilization, score }) => ({
    utilization,
    score: (score * maxScore) / SHAPE_SCORE_MAX,
  }));
  const weighted = [...resources];
  return {
    name,
    scoreScope: 'node',
    classKey: requestsKey,
    score(_, node, { cls, cluster }) {
      let sum = 0;
      let weights = 0;
      for (const [resource, weight] of weighted) {
        const id = cluster.nodes.resource(resource);
        const capacity = cluster.nodes.allocatable[id]![node]!;
        const score = brokenLine(points, utilization(requestedWith(id, node, cls, cluster), capacity));
        if (score <= 0) continue;
        sum += score * weight;
        weights += weight;
      }
      return weights === 0 ? 0 : Math.round(sum / weights);
    },
  };
}

/** Percent, rounded up. */
function utilization(requested: number, capacity: number): number {
  if (capacity === 0 || requested > capacity) return 100;
  return 100 - Math.trunc(((capacity - requested) * 100) / capacity);
}

/** What would be requested on the node with the pod there. */
function requestedWith(id: number, node: number, cls: PodClass, cluster: Cluster): number {
  return nonZeroRequested(cluster.nodes, id)[node]! + askedBy(cls, id);
}

function askedBy({ nonZeroCpuMilli, nonZeroMemoryBytes, requests }: PodClass, id: number): number {
  if (id === CPU) return nonZeroCpuMilli;
  return id === MEMORY ? nonZeroMemoryBytes : (requests.amounts[requests.ids.indexOf(id)] ?? 0);
}
