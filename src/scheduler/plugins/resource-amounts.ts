/**
 * Which resources a score looks at and how much the pod asks of each: what NodeResourcesFit and
 * NodeResourcesBalancedAllocation have in common.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { NodeColumns } from '../../cluster/node-table.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { CPU, isScalarResource, MEMORY } from '../../cluster/resources.ts';

/** All that requests are worked out from. */
export function requestsKey({ spec, requests }: PodClass): string {
  const parts = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => [
    container.resources,
    container.restartPolicy,
  ]);
  return JSON.stringify([requests, parts, spec.initContainers?.length, spec.resources, spec.overhead]);
}

export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}

/** Parallel arrays over the resources that count for a pod. */
export interface PodAmounts {
  readonly ids: Int32Array;
  readonly weights: Float64Array;
  readonly amounts: Float64Array;
}

/**
 * An extended resource that the pod does not ask for is left out; cpu, memory and ephemeral-storage always count.
 * @param amountOf what the pod asks of a resource, by name
 */
export function podAmounts(
  cluster: Cluster,
  resources: readonly WeightedResource[],
  amountOf: (name: string) => number,
): PodAmounts {
  const counted = resources.filter(({ name }) => amountOf(name) !== 0 || !isScalarResource(name));
  return {
    ids: Int32Array.from(counted, ({ name }) => cluster.nodes.resource(name)),
    weights: Float64Array.from(counted, ({ weight }) => weight),
    amounts: Float64Array.from(counted, ({ name }) => amountOf(name)),
  };
}

/** What is requested by node, with the scheduler's defaults for cpu and memory of containers that ask for none. */
export function nonZeroRequested(nodes: NodeColumns, resource: number): Float64Array {
  if (resource === CPU) return nodes.nonZeroCpuMilli;
  if (resource === MEMORY) return nodes.nonZeroMemoryBytes;
  return nodes.requested[resource]!;
}
