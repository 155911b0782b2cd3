/**
 * The predicates and priorities that apply where a policy lists none, and the predicates that apply in any case.
 * Source: kubernetes v1.16.15 and v1.17.17 pkg/scheduler/algorithmprovider/defaults.
 */
import type { ClassicPolicy, PredicateName, PriorityName } from './policy.schema.ts';

type Choice = Pick<ClassicPolicy, 'provider' | 'featureGates'>;

const PREDICATES: readonly PredicateName[] = [
  'NoVolumeZoneConflict',
  'MaxEBSVolumeCount',
  'MaxGCEPDVolumeCount',
  'MaxAzureDiskVolumeCount',
  'MaxCSIVolumeCountPred',
  'MatchInterPodAffinity',
  'NoDiskConflict',
  'GeneralPredicates',
  'PodToleratesNodeTaints',
  'CheckVolumeBinding',
];
const CONDITION_PREDICATES: readonly PredicateName[] = [
  'CheckNodeCondition',
  'CheckNodeMemoryPressure',
  'CheckNodePIDPressure',
  'CheckNodeDiskPressure',
];
const PRIORITIES: readonly PriorityName[] = [
  'SelectorSpreadPriority',
  'InterPodAffinityPriority',
  'BalancedResourceAllocation',
  'NodePreferAvoidPodsPriority',
  'NodeAffinityPriority',
  'TaintTolerationPriority',
  'ImageLocalityPriority',
];
/** Outweighs all others together. */
const AVOID_WEIGHT = 10_000;

export function defaultPredicates({ featureGates }: Choice): PredicateName[] {
  const { TaintNodesByCondition, EvenPodsSpread } = featureGates;
  const extra: readonly PredicateName[] = TaintNodesByCondition
    ? ['CheckNodeUnschedulable']
    : CONDITION_PREDICATES;
  return [...PREDICATES, ...extra, ...(EvenPodsSpread ? (['EvenPodsSpread'] as const) : [])];
}

/** No policy can leave these out. */
export function mandatoryPredicates({ featureGates }: Choice): PredicateName[] {
  return featureGates.TaintNodesByCondition
    ? ['PodToleratesNodeTaints', 'CheckNodeUnschedulable']
    : ['CheckNodeCondition'];
}

/** Weights by name. */
export function defaultPriorities({ provider, featureGates }: Choice): Map<PriorityName, number> {
  const byUse: PriorityName =
    provider === 'ClusterAutoscalerProvider' ? 'MostRequestedPriority' : 'LeastRequestedPriority';
  const names = [
    byUse,
    ...PRIORITIES,
    ...(featureGates.EvenPodsSpread ? (['EvenPodsSpreadPriority'] as const) : []),
  ];
  return new Map(names.map((name) => [name, name === 'NodePreferAvoidPodsPriority' ? AVOID_WEIGHT : 1]));
}
