/**
 * NodeResourcesBalancedAllocation: does the pod make the node's resources more evenly used than they are.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go.
 */
import type { NodeColumns } from '../../cluster/node-table.ts';
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

  function scoreOf({ ids, amounts }: State, nodes: NodeColumns, node: number): number {
    let n = 0;
    for (let i = 0; i < ids.length; i++) {
      const allocatable = nodes.allocatable[ids[i]!]![node]!;
      if (allocatable === 0) continue;
      const requested = nodes.requested[ids[i]!]![node]!;
      withPod[n] = shareOf(requested + amounts[i]!, allocatable);
      without[n++] = shareOf(requested, allocatable);
    }
    return scoreOfGain(balanceOf(standardDeviation(withPod, n)) - balanceOf(standardDeviation(without, n)));
  }

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
    score: (state, node, { cluster }) => scoreOf(state, cluster.nodes, node),
    scoreMany(state, columns, from, to, scores) {
      if (state.ids.length === 2) scorePair(state, columns, from, to, scores);
      else for (let i = from; i < to; i++) scores[i] = scoreOf(state, columns, i);
    },
  };
}

/** Of two resources, as nearly always: the same without lists. */
function scorePair(
  { ids, amounts }: State,
  { allocatable, requested }: NodeColumns,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  const amount = amounts[0]!;
  const secondAmount = amounts[1]!;
  const all = allocatable[ids[0]!]!;
  const secondAll = allocatable[ids[1]!]!;
  const used = requested[ids[0]!]!;
  const secondUsed = requested[ids[1]!]!;
  for (let i = from; i < to; i++) {
    let gain = 0;
    if (all[i] !== 0 && secondAll[i] !== 0) {
      const share = shareOf(used[i]! + amount, all[i]!);
      const secondShare = shareOf(secondUsed[i]! + secondAmount, secondAll[i]!);
      gain = balanceOf(deviationOfPair(share, secondShare));
      gain -= balanceOf(deviationOfPair(shareOf(used[i]!, all[i]!), shareOf(secondUsed[i]!, secondAll[i]!)));
    }
    scores[i] = scoreOfGain(gain);
  }
}

function scoreOfGain(gain: number): number {
  return HALF + Math.trunc((HALF + gain) / 2);
}

function shareOf(requested: number, allocatable: number): number {
  return Math.min(1, requested / allocatable);
}

/** 100 for equal shares, less by their standard deviation. */
function balanceOf(deviation: number): number {
  return Math.trunc((1 - deviation) * MAX_NODE_SCORE);
}

function standardDeviation(shares: readonly number[], n: number): number {
  if (n < 2) return 0;
  if (n === 2) return deviationOfPair(shares[0]!, shares[1]!);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += shares[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (shares[i]! - mean) * (shares[i]! - mean);
  return Math.sqrt(squares / n);
}

function deviationOfPair(a: number, b: number): number {
  return Math.abs((a - b) / 2);
}
