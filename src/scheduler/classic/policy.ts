/**
 * From a policy to a profile: predicates become Filter plugins in their order of evaluation, priorities Score plugins
 * with weights. 1.17 makes one predicate or priority of all that have the same kind of argument, 1.16 one of each.
 * Source: kubernetes v1.16.15 pkg/scheduler/factory/plugins.go, v1.17.17 pkg/scheduler/algorithm_factory.go.
 * Deviations: where 1.16 never asks a predicate with an argument, or PodFitsPorts, because its order of evaluation
 * lacks the name, it is asked in its kind's place. Predicates and priorities behind feature gates need only be named.
 */
import type { AnyPlugin } from '../framework/profile.ts';
import { Profile } from '../framework/profile.ts';
import { defaultPreemptionArgs } from '../plugins/default-preemption.schema.ts';
import { defaultPreemption } from '../plugins/default-preemption.ts';
import { defaultPredicates, defaultPriorities, mandatoryPredicates } from './default-provider.ts';
import {
  type ClassicPolicy,
  PREDICATE_NAMES,
  type PredicateName,
  type PredicatePolicy,
  type PriorityName,
  type PriorityPolicy,
} from './policy.schema.ts';
import { checkNodeLabelPresence } from './predicates/node-matching.ts';
import { checkServiceAffinity } from './predicates/service-affinity.ts';
import { nodeLabelPriority } from './priorities/node-preferences.ts';
import { DEFAULT_RATIO_RESOURCES, requestedToCapacityRatio } from './priorities/resource-use.ts';
import { serviceAntiAffinity } from './priorities/service-anti-affinity.ts';
import { PREDICATES, PRIORITIES } from './registry.ts';
import { type ClassicRelease, RELEASES } from './release.ts';

interface RankedPredicate {
  readonly plugin: AnyPlugin;
  /** Position in the order of evaluation. */
  readonly rank: number;
}

interface WeightedPriority {
  readonly plugin: AnyPlugin;
  readonly weight: number;
}

/** @param policy as its schema has passed it */
export function classicProfile(policy: ClassicPolicy): Profile {
  const predicates = predicatesOf(policy);
  const priorities = prioritiesOf(policy);
  // Predicates come first: the queue remembers who rejected a pod by position, in 32 bits.
  return new Profile({
    schedulerName: policy.schedulerName,
    plugins: [...predicates, preemption(), ...priorities.map(({ plugin }) => plugin)],
    weights: Object.fromEntries(priorities.map(({ plugin, weight }) => [plugin.name, weight])),
    percentageOfNodesToScore: policy.percentageOfNodesToScore,
    maxScore: RELEASES[policy.policy].maxScore,
    checksAllFilters: policy.alwaysCheckAllPredicates,
  });
}

/** Looks at every candidate and, as in those releases, adds nothing to the reasons that users read. */
function preemption(): AnyPlugin {
  const plugin = defaultPreemption(defaultPreemptionArgs.parse({ minCandidateNodesPercentage: 100 }));
  return { ...plugin, postFilter: (attempt) => ({ ...plugin.postFilter!(attempt), message: '' }) };
}

/** In the order of evaluation. */
function predicatesOf(policy: ClassicPolicy): AnyPlugin[] {
  const release = RELEASES[policy.policy];
  const listed: readonly PredicatePolicy[] =
    policy.predicates ?? defaultPredicates(policy).map((name) => ({ name }));
  const mandatory = mandatoryPredicates(policy).map((name): PredicatePolicy => ({ name }));
  const byName = new Map<string, RankedPredicate>();
  for (const group of grouped([...mandatory, ...listed], release)) {
    const made = predicateOf(group, release);
    byName.set(made.plugin.name, made);
  }
  return [...byName.values()].sort((a, b) => a.rank - b.rank).map(({ plugin }) => plugin);
}

/** Parts that become one: in 1.17 all with the same kind of argument. A part that is listed again replaces the former. */
function grouped<T extends { readonly name: string; readonly argument?: object | undefined }>(
  parts: readonly T[],
  { name }: ClassicRelease,
): T[][] {
  const groups = new Map<string, T[]>();
  for (const part of parts) {
    const kind = name === 'classic-1.17' ? Object.keys(part.argument ?? {})[0] : undefined;
    const group = kind === undefined ? undefined : groups.get(`argument ${kind}`);
    if (group) group.push(part);
    else groups.set(kind === undefined ? part.name : `argument ${kind}`, [part]);
  }
  return [...groups.values()];
}

/** A predicate of one policy entry, or of several with the same kind of argument. */
export function predicateOf(parts: readonly PredicatePolicy[], release: ClassicRelease): RankedPredicate {
  const { name, argument } = parts[0]!;
  const own = (kind: PredicateName) => (release.name === 'classic-1.17' ? kind : name);
  const rank = (kind: PredicateName) => PREDICATE_NAMES.indexOf(kind);
  if (argument?.serviceAffinity) {
    const labels = parts.flatMap((part) => part.argument!.serviceAffinity!.labels);
    const plugin = checkServiceAffinity(own('CheckServiceAffinity'), labels);
    return { plugin, rank: rank('CheckServiceAffinity') };
  }
  if (argument?.labelsPresence) {
    const rules = parts.map((part) => part.argument!.labelsPresence!);
    const labels = (presence: boolean) =>
      rules.filter((rule) => rule.presence === presence).flatMap((rule) => rule.labels);
    const plugin = checkNodeLabelPresence(own('CheckNodeLabelPresence'), labels(true), labels(false));
    return { plugin, rank: rank('CheckNodeLabelPresence') };
  }
  const create = PREDICATES[name as keyof typeof PREDICATES];
  return { plugin: create(name, release), rank: rank(name as PredicateName) };
}

function prioritiesOf(policy: ClassicPolicy): WeightedPriority[] {
  const release = RELEASES[policy.policy];
  const listed: readonly PriorityPolicy[] =
    policy.priorities ?? [...defaultPriorities(policy)].map(([name, weight]) => ({ name, weight }));
  // 0 counts as the default, as in the original.
  const hardPodAffinityWeight = policy.hardPodAffinitySymmetricWeight || 1;
  return grouped(listed, release).map((parts) => ({
    plugin: priorityOf(parts, release, hardPodAffinityWeight),
    weight: parts.reduce((sum, { weight }) => sum + weight, 0),
  }));
}

/** A priority of one policy entry, or of several with the same kind of argument. */
export function priorityOf(
  parts: readonly PriorityPolicy[],
  release: ClassicRelease,
  hardPodAffinityWeight: number,
): AnyPlugin {
  const { name, argument } = parts[0]!;
  const own = (kind: string) => (release.name === 'classic-1.17' ? kind : name);
  if (argument?.serviceAntiAffinity) {
    const labels = parts.map((part) => part.argument!.serviceAntiAffinity!.label);
    return serviceAntiAffinity(own('ServiceAffinity'), release, labels);
  }
  if (argument?.labelPreference) {
    const rules = parts.map((part) => part.argument!.labelPreference!);
    const labels = (presence: boolean) =>
      rules.filter((rule) => rule.presence === presence).map((rule) => rule.label);
    return nodeLabelPriority(own('NodeLabel'), release, labels(true), labels(false));
  }
  if (argument?.requestedToCapacityRatioArguments) {
    const { shape, resources } = argument.requestedToCapacityRatioArguments;
    const weights = new Map(resources.map((resource) => [resource.name, resource.weight || 1]));
    const ratio = own('RequestedToCapacityRatio');
    return requestedToCapacityRatio(
      ratio,
      release,
      shape,
      weights.size > 0 ? weights : DEFAULT_RATIO_RESOURCES,
    );
  }
  return PRIORITIES[name as PriorityName](name, release, hardPodAffinityWeight);
}
