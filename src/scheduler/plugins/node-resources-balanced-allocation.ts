/**
 * NodeResourcesBalancedAllocation: does the pod make the node's resources more evenly used than they are.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go.
 */
import type { PodClass } from '../../cluster/pod-class.ts';
import { MAX_NODE_SCORE, type Plugin } from '../framework/plugin.ts';
import type { NodeResourcesBalancedAllocationArgs } from './node-resources-fit.schema.ts';
import { type PodAmounts, podAmounts, requestsKey } from './resource-amounts.ts';

const HALF = MAX_NODE_SCORE / 2;

interface State extends PodAmounts {
  /** False if the pod asks for none of the resources. */
  readonly counts: boolean;
}

export function nodeResourcesBalancedAllocation(
  args: NodeResourcesBalancedAllocationArgs,
): Plugin<unknown, State> {
  const states = new WeakMap<PodClass, State>();
  const withPod: number[] = [];
  const without: number[] = [];

  return {
    name: 'NodeResourcesBalancedAllocation',
    preScore({ cluster, cls }) {
      let state = states.get(cls);
      if (!state) {
        const asked = new Map(
          cls.requests.ids.map((id, i) => [cluster.resources.name(id), cls.requests.amounts[i]!]),
        );
        const amounts = podAmounts(cluster, args.resources, (name) => asked.get(name) ?? 0);
        state = { ...amounts, counts: amounts.amounts.some((amount) => amount !== 0) };
        states.set(cls, state);
      }
      return state.counts ? { state } : { skip: true };
    },
    scoreScope: 'node',
    classKey: (cls) => requestsKey(cls),
    score({ ids, amounts }, node, { cluster: { nodes } }) {
      let n = 0;
      for (let i = 0; i < ids.length; i++) {
        const allocatable = nodes.allocatable[ids[i]!]![node]!;
        if (allocatable === 0) continue;
        const requested = nodes.requested[ids[i]!]![node]!;
        withPod[n] = Math.min(1, (requested + amounts[i]!) / allocatable);
        without[n++] = Math.min(1, requested / allocatable);
      }
      const gain = balance(withPod, n) - balance(without, n);
      return HALF + Math.trunc((HALF + gain) / 2);
    },
  };
}

/** 100 for equal shares, less by their standard deviation. */
function balance(shares: readonly number[], n: number): number {
  return Math.trunc((1 - standardDeviation(shares, n)) * MAX_NODE_SCORE);
}

function standardDeviation(shares: readonly number[], n: number): number {
  if (n < 2) return 0;
  if (n === 2) return Math.abs((shares[0]! - shares[1]!) / 2);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += shares[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (shares[i]! - mean) * (shares[i]! - mean);
  return Math.sqrt(squares / n);
}
