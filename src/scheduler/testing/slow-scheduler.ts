/**
 * A kube-scheduler for reading, not for speed: the default profile of 1.37 over plain Kubernetes objects, with plain
 * loops. It shares no code with the scheduler it is compared with. Left out: volumes, preemption, nominated pods,
 * in-place resize. Where the real one's order is that of a Go map (nodes named by PreFilter), the walk's order holds.
 * Source: kubernetes v1.37.2 pkg/scheduler.
 */
import type { Node, NodeSelectorTerm, Pod } from '../../kube/types.ts';
import { affinityFilter, affinityScores } from './slow/affinity.ts';
import { mayRunOn, nUntolerated } from './slow/matching.ts';
import {
  arePortsTaken,
  balanceScore,
  fitScore,
  imageScore,
  isCordonedFor,
  nodeAffinityScores,
  shortage,
  taintScores,
} from './slow/node-local.ts';
import { spreadFilter, spreadScores } from './slow/spread.ts';
import type { SlowWorld } from './slow/world.ts';

export interface SlowRefusal {
  readonly plugin: string;
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable';
  readonly reasons: readonly string[];
}

export interface SlowResult {
  /** Undefined = the pod fits nowhere. */
  readonly node: string | undefined;
  /** In the order in which they were found. */
  readonly feasible: readonly string[];
  readonly refused: ReadonlyMap<string, SlowRefusal>;
  /** By plugin, weighted, parallel to `feasible`; empty when there was no choice. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  readonly totals: readonly number[];
  readonly fitError: string;
}

/** Chooses a node and moves the start of the next walk; binding is up to the caller. */
export function scheduleSlowly(world: SlowWorld, pod: Pod, percentageOfNodesToScore = 0): SlowResult {
  const names = namedNodes(pod);
  if (names?.size === 0) return nowhere(world, new Map(), 'pod affinity terms conflict');
  const walk = world.walk().filter((node) => names === undefined || names.has(node.metadata.name!));
  const { feasible, refused } = findFeasible(
    world,
    pod,
    walk,
    nWanted(walk.length, percentageOfNodesToScore),
  );
  world.nextStart = (world.nextStart + feasible.length + refused.size) % Math.max(1, world.nodes.size);
  if (feasible.length === 0) return nowhere(world, refused);
  const scores = feasible.length === 1 ? {} : scoreAll(world, pod, feasible);
  const totals = feasible.map((_, i) => Object.values(scores).reduce((sum, of) => sum + of[i]!, 0));
  const feasibleNames = feasible.map((node) => node.metadata.name!);
  return {
    node: feasibleNames[heapRoot(totals)],
    feasible: feasibleNames,
    refused,
    scores,
    totals,
    fitError: '',
  };
}

/** The only nodes that required node affinity can mean, if each of its terms names some; undefined = any. */
function namedNodes(pod: Pod): Set<string> | undefined {
  const { nodeSelectorTerms: terms = [] } =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? {};
  const named = terms.map(namesInTerm);
  if (named.length === 0 || named.includes(undefined)) return undefined;
  return new Set(named.flatMap((names) => [...names!]));
}

function namesInTerm({ matchFields = [] }: NodeSelectorTerm): string[] | undefined {
  const lists = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
  const [first, ...others] = lists.map(({ values = [] }) => values);
  return first?.filter((name) => others.every((names) => names.includes(name)));
}

function nWanted(nNodes: number, configured: number): number {
  if (nNodes < 100) return nNodes;
  const percentage = configured || Math.max(5, 50 - Math.floor(nNodes / 125));
  return Math.max(100, Math.floor((nNodes * percentage) / 100));
}

function findFeasible(world: SlowWorld, pod: Pod, walk: readonly Node[], nWantedNodes: number) {
  const feasible: Node[] = [];
  const refused = new Map<string, SlowRefusal>();
  const refusal = filterOf(world, pod);
  for (let i = 0; i < walk.length; i++) {
    const node = walk[(world.nextStart + i) % walk.length]!;
    const found = refusal(node);
    // One feasible node too many ends the walk and counts as not seen.
    if (!found && feasible.length === nWantedNodes) break;
    if (found) refused.set(node.metadata.name!, found);
    else feasible.push(node);
  }
  return { feasible, refused };
}

function filterOf(world: SlowWorld, pod: Pod): (node: Node) => SlowRefusal | undefined {
  const spread = spreadFilter(world, pod);
  const affinity = affinityFilter(world, pod);
  const final = (plugin: string, reason: string): SlowRefusal => ({
    plugin,
    code: 'UnschedulableAndUnresolvable',
    reasons: [reason],
  });
  const open = (plugin: string, reason: string): SlowRefusal => ({
    plugin,
    code: 'Unschedulable',
    reasons: [reason],
  });
  const skewed = "node(s) didn't match pod topology spread constraints";
  return (node) => {
    if (isCordonedFor(pod, node)) return final('NodeUnschedulable', 'node(s) were unschedulable');
    if (nUntolerated(pod.spec.tolerations ?? [], node, 'NoSchedule', 'NoExecute') > 0)
      return final('TaintToleration', 'node(s) had untolerated taint(s)');
    if (!mayRunOn(pod, node))
      return final('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");
    if (arePortsTaken(world, pod, node))
      return open('NodePorts', "node(s) didn't have free ports for the requested pod ports");
    const short = shortage(world, pod, node);
    if (short)
      return {
        plugin: 'NodeResourcesFit',
        code: short.isFinal ? 'UnschedulableAndUnresolvable' : 'Unschedulable',
        reasons: short.reasons,
      };
    const skew = spread(node);
    if (skew === 'missing') return final('PodTopologySpread', `${skewed} (missing required label)`);
    if (skew === 'skewed') return open('PodTopologySpread', skewed);
    const clash = affinity(node);
    if (clash === 'affinity') return final('InterPodAffinity', "node(s) didn't match pod affinity rules");
    if (clash === 'anti-affinity')
      return open('InterPodAffinity', "node(s) didn't match pod anti-affinity rules");
    if (clash === 'existing')
      return open('InterPodAffinity', "node(s) didn't satisfy existing pods anti-affinity rules");
    return undefined;
  };
}

function scoreAll(world: SlowWorld, pod: Pod, feasible: readonly Node[]): Record<string, number[]> {
  const balance = feasible.map((node) => balanceScore(world, pod, node));
  const all: [string, number, readonly (number | undefined)[] | undefined][] = [
    ['TaintToleration', 3, taintScores(pod, feasible)],
    ['NodeAffinity', 2, nodeAffinityScores(pod, feasible)],
    ['NodeResourcesFit', 1, feasible.map((node) => fitScore(world, pod, node))],
    ['PodTopologySpread', 2, spreadScores(world, pod, feasible)],
    ['InterPodAffinity', 2, affinityScores(world, pod, feasible)],
    ['NodeResourcesBalancedAllocation', 1, balance[0] === undefined ? undefined : balance],
    ['ImageLocality', 1, feasible.map((node) => imageScore(world, pod, node))],
  ];
  const scores: Record<string, number[]> = {};
  for (const [plugin, weight, of] of all) if (of) scores[plugin] = of.map((score) => score! * weight);
  return scores;
}

/** Builds a heap as Go's container/heap does, the highest total on top, and says which element became the root. */
function heapRoot(totals: readonly number[]): number {
  const heap = totals.map((_, i) => i);
  const isAbove = (a: number, b: number) => totals[heap[a]!]! > totals[heap[b]!]!;
  for (let start = Math.floor(heap.length / 2) - 1; start >= 0; start--) {
    for (let i = start; 2 * i + 1 < heap.length; ) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && isAbove(child + 1, child)) child++;
      if (!isAbove(child, i)) break;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }
  return heap[0]!;
}

function nowhere(world: SlowWorld, refused: ReadonlyMap<string, SlowRefusal>, message?: string): SlowResult {
  const nNodes = world.nodes.size;
  const counts = new Map<string, number>();
  const count = (reason: string, n: number) => counts.set(reason, (counts.get(reason) ?? 0) + n);
  for (const { reasons } of refused.values()) for (const reason of reasons) count(reason, 1);
  if (refused.size < nNodes) count("node(s) didn't satisfy plugin(s) [NodeAffinity]", nNodes - refused.size);
  const list = [...counts].map(([reason, n]) => `${n} ${reason}`).sort();
  const text = message ?? list.join(', ');
  const fitError = `0/${nNodes} nodes are available:${text === '' ? '' : ` ${text}.`}`;
  return { node: undefined, feasible: [], refused, scores: {}, totals: [], fitError };
}
