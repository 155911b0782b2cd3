/** Affinity between pods as the documentation tells it: every pod against every term, with plain loops. */
import type { Namespace, Node, Pod, PodAffinityTerm, StringMap } from '../../../kube/types.ts';
import { labelsOf, namespaceOf, requirementsOf, selects } from './matching.ts';
import type { SlowWorld } from './world.ts';

type Kind = 'podAffinity' | 'podAntiAffinity';

function required(pod: Pod, kind: Kind): readonly PodAffinityTerm[] {
  return pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function preferred(pod: Pod, kind: Kind): readonly { weight: number; podAffinityTerm: PodAffinityTerm }[] {
  return pod.spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
}

function namespaceLabels(world: SlowWorld, name: string): StringMap | undefined {
  const namespace = world.list<Namespace>('Namespace').find(({ metadata }) => metadata.name === name);
  return namespace && (namespace.metadata.labels ?? {});
}

/** Whether a term of `owner` speaks of the namespace; one without an object has no labels when an existing pod's term asks. */
function speaksOf(
  world: SlowWorld,
  owner: Pod,
  term: PodAffinityTerm,
  namespace: string,
  isOwnerIncoming: boolean,
): boolean {
  const { namespaces = [], namespaceSelector } = term;
  if (namespaces.includes(namespace)) return true;
  if (!namespaceSelector) return namespaces.length === 0 && namespace === namespaceOf(owner);
  if (requirementsOf(namespaceSelector).length === 0) return true;
  const labels = namespaceLabels(world, namespace) ?? (isOwnerIncoming ? undefined : {});
  return labels !== undefined && selects(namespaceSelector, labels);
}

function matches(
  world: SlowWorld,
  owner: Pod,
  term: PodAffinityTerm,
  other: Pod,
  isOwnerIncoming: boolean,
): boolean {
  return (
    speaksOf(world, owner, term, namespaceOf(other), isOwnerIncoming) &&
    selects(term.labelSelector, labelsOf(other))
  );
}

/** Whether two nodes share a domain: both have the key, with the same value. */
function isSameDomain(key: string, a: Node, b: Node): boolean {
  return labelsOf(a)[key] !== undefined && labelsOf(a)[key] === labelsOf(b)[key];
}

/** Undefined = the node is fine. */
export function affinityFilter(
  world: SlowWorld,
  pod: Pod,
): (node: Node) => 'affinity' | 'anti-affinity' | 'existing' | undefined {
  const existing = world.pods.map((bound) => ({ pod: bound.pod, node: world.nodes.get(bound.nodeName)! }));
  const wanted = required(pod, 'podAffinity');
  const unwanted = required(pod, 'podAntiAffinity');
  const matchingAll = existing.filter((other) =>
    wanted.every((term) => matches(world, pod, term, other.pod, true)),
  );
  const isFirst =
    !matchingAll.some(({ node }) =>
      wanted.some(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined),
    ) && wanted.every((term) => matches(world, pod, term, pod, true));
  return (node) => {
    const has = (key: string) => labelsOf(node)[key] !== undefined;
    if (!wanted.every(({ topologyKey }) => has(topologyKey))) return 'affinity';
    const isNear = wanted.every(({ topologyKey }) =>
      matchingAll.some((other) => isSameDomain(topologyKey, node, other.node)),
    );
    if (!isNear && !isFirst) return 'affinity';
    for (const term of unwanted) {
      for (const other of existing) {
        if (isSameDomain(term.topologyKey, node, other.node) && matches(world, pod, term, other.pod, true))
          return 'anti-affinity';
      }
    }
    for (const other of existing) {
      for (const term of required(other.pod, 'podAntiAffinity')) {
        if (isSameDomain(term.topologyKey, node, other.node) && matches(world, other.pod, term, pod, false))
          return 'existing';
      }
    }
    return undefined;
  };
}

/** Normalized scores of the feasible nodes; undefined if no term of anyone meets a domain. */
export function affinityScores(world: SlowWorld, pod: Pod, feasible: readonly Node[]): number[] | undefined {
  const hits: { key: string; at: Node; weight: number }[] = [];
  for (const { pod: other, nodeName } of world.pods) {
    const at = world.nodes.get(nodeName)!;
    const hit = (owner: Pod, term: PodAffinityTerm, weight: number) => {
      const target = owner === pod ? other : pod;
      if (labelsOf(at)[term.topologyKey] === undefined || !matches(world, owner, term, target, owner === pod))
        return;
      hits.push({ key: term.topologyKey, at, weight });
    };
    for (const owner of [pod, other]) {
      for (const { weight, podAffinityTerm } of preferred(owner, 'podAffinity'))
        hit(owner, podAffinityTerm, weight);
      for (const { weight, podAffinityTerm } of preferred(owner, 'podAntiAffinity'))
        hit(owner, podAffinityTerm, -weight);
    }
    for (const term of required(other, 'podAffinity')) hit(other, term, 1);
  }
  if (hits.length === 0) return undefined;
  const raw = feasible.map((node) => {
    let sum = 0;
    for (const { key, at, weight } of hits) if (isSameDomain(key, node, at)) sum += weight;
    return sum;
  });
  const min = Math.min(...raw);
  const max = Math.max(...raw);
  return raw.map((score) => (max > min ? Math.floor(100 * ((score - min) / (max - min))) : 0));
}
