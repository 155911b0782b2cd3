/** Topology spread as the documentation tells it: count pods per domain with plain loops. */
import type {
  LabelSelector,
  Node,
  Pod,
  ReplicaSet,
  ReplicationController,
  Service,
  TopologySpreadConstraint,
} from '../../../kube/types.ts';
import { holds, labelsOf, mayRunOn, namespaceOf, nUntolerated, requirementsOf, selects } from './matching.ts';
import type { SlowWorld } from './world.ts';

const HOSTNAME = 'kubernetes.io/hostname';

interface Constraint {
  readonly rule: TopologySpreadConstraint;
  /** Undefined matches nothing; without any requirement it matches all, but counts none. */
  readonly requirements: ReturnType<typeof requirementsOf> | undefined;
}

function matchesPod({ requirements }: Constraint, pod: Pod): boolean {
  return requirements?.every((one) => holds(one, labelsOf(pod))) ?? false;
}

function defaultRequirements(world: SlowWorld, pod: Pod): Constraint['requirements'] {
  let labels: Record<string, string> = {};
  for (const { metadata, spec } of world.list<Service>('Service')) {
    if (metadata.namespace !== namespaceOf(pod) || !spec?.selector) continue;
    if (selects({ matchLabels: spec.selector }, labelsOf(pod))) labels = { ...labels, ...spec.selector };
  }
  let rest: LabelSelector = {};
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
  const [found] = world.objects.filter(
    ({ apiVersion, kind, metadata }) =>
      apiVersion === owner?.apiVersion &&
      kind === owner.kind &&
      metadata.name === owner.name &&
      metadata.namespace === namespaceOf(pod),
  );
  if (found?.kind === 'ReplicationController')
    labels = { ...labels, ...(found as ReplicationController).spec?.selector };
  if (found?.kind === 'ReplicaSet' || found?.kind === 'StatefulSet')
    rest = (found as ReplicaSet).spec.selector;
  return [...requirementsOf({ matchLabels: labels }), ...requirementsOf(rest)];
}

function constraintsOf(
  world: SlowWorld,
  pod: Pod,
  action: string,
): { all: Constraint[]; isDefault: boolean } {
  const own = pod.spec.topologySpreadConstraints ?? [];
  const isDefault = own.length === 0;
  const defaults: TopologySpreadConstraint[] = [
    { topologyKey: HOSTNAME, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway' },
    { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway' },
  ];
  const shared = isDefault ? defaultRequirements(world, pod) : undefined;
  if (shared?.length === 0) return { all: [], isDefault };
  const requirements = ({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint) => {
    if (shared || !labelSelector) return shared;
    const keys = matchLabelKeys.filter((key) => labelsOf(pod)[key] !== undefined);
    const equal = keys.map((key) => ({ key, operator: 'In', values: [labelsOf(pod)[key]!] }));
    return [...equal, ...requirementsOf(labelSelector)];
  };
  const rules = (isDefault ? defaults : own).filter((rule) => rule.whenUnsatisfiable === action);
  return { all: rules.map((rule) => ({ rule, requirements: requirements(rule) })), isDefault };
}

function isIncluded(
  pod: Pod,
  node: Node,
  { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint,
): boolean {
  if (nodeAffinityPolicy !== 'Ignore' && !mayRunOn(pod, node)) return false;
  return (
    nodeTaintsPolicy !== 'Honor' ||
    nUntolerated(pod.spec.tolerations ?? [], node, 'NoSchedule', 'NoExecute') === 0
  );
}

function hasAllKeys(node: Node, constraints: readonly Constraint[]): boolean {
  return constraints.every(({ rule }) => labelsOf(node)[rule.topologyKey] !== undefined);
}

function nMatching(world: SlowWorld, pod: Pod, node: Node, constraint: Constraint): number {
  if (constraint.requirements?.length === 0) return 0;
  return world
    .podsOn(node)
    .filter((other) => !other.isTerminating && namespaceOf(other.pod) === namespaceOf(pod))
    .filter((other) => matchesPod(constraint, other.pod)).length;
}

/** Pods by value of the topology key; a missing key (where it is allowed) is the value ''. */
function countDomains(
  world: SlowWorld,
  pod: Pod,
  constraint: Constraint,
  nodes: readonly Node[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    if (!isIncluded(pod, node, constraint.rule)) continue;
    const value = labelsOf(node)[constraint.rule.topologyKey] ?? '';
    counts.set(value, (counts.get(value) ?? 0) + nMatching(world, pod, node, constraint));
  }
  return counts;
}

/** Undefined = the node is fine. */
export function spreadFilter(world: SlowWorld, pod: Pod): (node: Node) => 'missing' | 'skewed' | undefined {
  const { all } = constraintsOf(world, pod, 'DoNotSchedule');
  const candidates = [...world.nodes.values()].filter((node) => hasAllKeys(node, all));
  const counted = all.map((constraint) => ({
    constraint,
    counts: countDomains(world, pod, constraint, candidates),
  }));
  return (node) => {
    for (const { constraint, counts } of counted) {
      const { topologyKey, maxSkew, minDomains = 1 } = constraint.rule;
      const value = labelsOf(node)[topologyKey];
      if (value === undefined) return 'missing';
      if (counts.size === 0) continue;
      const min = counts.size < minDomains ? 0 : Math.min(...counts.values());
      const self = matchesPod(constraint, pod) ? 1 : 0;
      if ((counts.get(value) ?? 0) + self - min > maxSkew) return 'skewed';
    }
    return undefined;
  };
}

/** Normalized scores of the feasible nodes; undefined if the pod has no soft constraint. */
export function spreadScores(world: SlowWorld, pod: Pod, feasible: readonly Node[]): number[] | undefined {
  const { all, isDefault } = constraintsOf(world, pod, 'ScheduleAnyway');
  if (all.length === 0) return undefined;
  const isScored = (node: Node) => isDefault || hasAllKeys(node, all);
  const scored = feasible.filter(isScored);
  const sums = new Map<Node, number>(scored.map((node) => [node, 0]));
  for (const constraint of all) {
    const { topologyKey, maxSkew } = constraint.rule;
    const isByHost = topologyKey === HOSTNAME;
    const counts = countDomains(world, pod, constraint, [...world.nodes.values()].filter(isScored));
    const domains = new Set(scored.map((node) => labelsOf(node)[topologyKey] ?? ''));
    const weight = Math.log((isByHost ? scored.length : domains.size) + 2);
    for (const node of scored) {
      const value = labelsOf(node)[topologyKey];
      if (value === undefined) continue;
      const count = isByHost ? nMatching(world, pod, node, constraint) : (counts.get(value) ?? 0);
      sums.set(node, sums.get(node)! + (count * weight + (maxSkew - 1)));
    }
  }
  const raw = new Map([...sums].map(([node, sum]) => [node, Math.round(sum)]));
  const max = Math.max(0, ...raw.values());
  const min = Math.min(...raw.values());
  return feasible.map((node) => {
    if (!isScored(node)) return 0;
    return max === 0 ? 100 : Math.floor((100 * (max + min - raw.get(node)!)) / max);
  });
}
