/**
 * NodeResourcesFit: does the pod fit beside the requests of the pods that are there, and how full would the node be.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/noderesources (fit.go, resource_allocation.go,
 * least_allocated.go, most_allocated.go, requested_to_capacity_ratio.go).
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { PODS } from '../../cluster/resources.ts';
import { podNonZeroRequests, podRequests } from '../../kube/resources.ts';
import type { Plugin } from '../framework/plugin.ts';
import { type Status, unresolvable, unschedulable } from '../framework/status.ts';
import { FullnessScorer } from './fullness-scorer.ts';
import type { NodeResourcesFitArgs } from './node-resources-fit.schema.ts';
import { type PodAmounts, podAmounts, requestsKey } from './resource-amounts.ts';
import { resourceScorer } from './resource-scorers.ts';

const NAME = 'NodeResourcesFit';
const TOO_MANY_PODS = 'Too many pods';

/** What a class asks for, and the statuses made for its shortages so far. */
interface FilterState {
  readonly ids: Int32Array;
  readonly amounts: Float64Array;
  /** By shortage: bit 0 = pods, bit i+1 = the i-th resource, and one more bit for "more than the whole node". */
  readonly statuses: Map<number, Status>;
}

export function nodeResourcesFit(args: NodeResourcesFitArgs): Plugin<FilterState, PodAmounts> {
  const filterStates = new WeakMap<PodClass, FilterState>();
  const scoreStates = new WeakMap<PodClass, PodAmounts>();
  const fullness = new FullnessScorer(resourceScorer(args.scoringStrategy));

  return {
    name: NAME,
    preFilter({ cluster, cls }) {
      let state = filterStates.get(cls);
      if (!state) filterStates.set(cls, (state = checkedRequests(cls, cluster, args)));
      return { state };
    },
    filterScope: 'node',
    classKey: (cls) => requestsKey(cls),
    filter: (state, node, { cluster }) => shortageOf(state, node, cluster),
    filterMany({ ids, amounts }, { allocatable, requested, nPods }, from, to, passes) {
      clearBelow(1, allocatable[PODS]!, nPods, from, to, passes);
      for (let i = 0; i < ids.length; i++) {
        clearBelow(amounts[i]!, allocatable[ids[i]!]!, requested[ids[i]!]!, from, to, passes);
      }
    },
    preScore({ cluster, cls }) {
      let state = scoreStates.get(cls);
      if (!state) scoreStates.set(cls, (state = scoredAmounts(cls, cluster, args)));
      return { state };
    },
    scoreScope: 'node',
    score: (state, node, { cluster }) => fullness.scoreOf(state, cluster.nodes, node),
    scoreMany: (state, columns, from, to, scores) => fullness.scoreMany(state, columns, from, to, scores),
  };
}

/** Clears the marks of nodes on which less than an amount is left. */
function clearBelow(
  amount: number,
  allocatable: Float64Array,
  requested: Float64Array | Int32Array,
  from: number,
  to: number,
  passes: Uint8Array,
): void {
  for (let i = from; i < to; i++) if (amount > allocatable[i]! - requested[i]!) passes[i] = 0;
}

/** The pod's requests that Filter checks: those above zero, without ignored extended resources. */
function checkedRequests(cls: PodClass, cluster: Cluster, args: NodeResourcesFitArgs): FilterState {
  const { ids, amounts } = cls.requests;
  const checked = ids
    .map((id, i) => ({ id, amount: amounts[i]! }))
    .filter(({ id, amount }) => {
      if (amount === 0) return false;
      const name = cluster.resources.name(id);
      const isExtended = id > PODS && !name.startsWith('hugepages-');
      if (!isExtended) return true;
      return (
        !args.ignoredResources.includes(name) && !args.ignoredResourceGroups.includes(name.split('/')[0]!)
      );
    });
  checked.sort((a, b) => a.id - b.id);
  return {
    ids: Int32Array.from(checked, ({ id }) => id),
    amounts: Float64Array.from(checked, ({ amount }) => amount),
    statuses: new Map(),
  };
}

function shortageOf(state: FilterState, node: number, { nodes, resources }: Cluster): Status | undefined {
  const { ids, amounts } = state;
  let shortage = nodes.nPods[node]! + 1 > nodes.allocatable[PODS]![node]! ? 1 : 0;
  let isUnresolvable = false;
  for (let i = 0; i < ids.length; i++) {
    const allocatable = nodes.allocatable[ids[i]!]![node]!;
    if (amounts[i]! <= allocatable - nodes.requested[ids[i]!]![node]!) continue;
    shortage += 2 ** (i + 1);
    if (amounts[i]! > allocatable) isUnresolvable = true;
  }
  if (shortage === 0) return undefined;
  const key = shortage * 2 + (isUnresolvable ? 1 : 0);
  let status = state.statuses.get(key);
  if (!status) {
    const names = Array.from(ids, (id) => resources.name(id));
    state.statuses.set(key, (status = shortageStatus(shortage, isUnresolvable, names)));
  }
  return status;
}

function shortageStatus(shortage: number, isUnresolvable: boolean, names: readonly string[]): Status {
  const reasons = shortage % 2 === 1 ? [TOO_MANY_PODS] : [];
  names.forEach((name, i) => {
    if (Math.floor(shortage / 2 ** (i + 1)) % 2 === 1) reasons.push(`Insufficient ${name}`);
  });
  return (isUnresolvable ? unresolvable : unschedulable)(NAME, ...reasons);
}

/** Scoring takes the defaults for cpu and memory, and leaves the pod-level requests of the pod aside. */
function scoredAmounts(cls: PodClass, cluster: Cluster, args: NodeResourcesFitArgs): PodAmounts {
  const pod = { spec: cls.spec };
  const requests = podRequests(pod, { skipPodLevel: true });
  const nonZero = podNonZeroRequests(pod, { skipPodLevel: true });
  return podAmounts(cluster, args.scoringStrategy.resources, (name) => {
    if (name === 'cpu') return nonZero.cpuMilli;
    return name === 'memory' ? nonZero.memoryBytes : (requests.get(name) ?? 0);
  });
}
