// matchLabelKeys and mismatchLabelKeys: the pod's own values of these labels are merged into the selectors of its spread
// constraints and affinity terms when it is created.
// Source: pkg/registry/core/pod/strategy.go (applyMatchLabelKeysAndMismatchLabelKeys), 1.37.

import type {
  Affinity,
  LabelSelectorRequirement,
  PodAffinity,
  PodAffinityTerm,
  StringMap,
  TopologySpreadConstraint,
} from '../../kube/types.ts';
import { type ShapePlugin, withSpec } from './shape-plugin.ts';

type Keys = readonly string[] | undefined;

function requirements(keys: Keys, operator: 'In' | 'NotIn', labels: StringMap): LabelSelectorRequirement[] {
  const present = (keys ?? []).filter((key) => Object.hasOwn(labels, key));
  return present.map((key) => ({ key, operator, values: [labels[key]!] }));
}

type Term = Pick<PodAffinityTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'>;

/** A term without a selector matches nothing, and stays as it is. */
function merged<T extends Term>(term: T, labels: StringMap): T {
  if (!term.labelSelector) return term;
  const added = [
    ...requirements(term.matchLabelKeys, 'In', labels),
    ...requirements(term.mismatchLabelKeys, 'NotIn', labels),
  ];
  if (added.length === 0) return term;
  const matchExpressions = [...(term.labelSelector.matchExpressions ?? []), ...added];
  return { ...term, labelSelector: { ...term.labelSelector, matchExpressions } };
}

function mergedAffinity(affinity: PodAffinity, labels: StringMap): PodAffinity {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  return {
    ...(required && {
      requiredDuringSchedulingIgnoredDuringExecution: required.map((term) => merged(term, labels)),
    }),
    ...(preferred && {
      preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ weight, podAffinityTerm }) => ({
        weight,
        podAffinityTerm: merged(podAffinityTerm, labels),
      })),
    }),
  };
}

function usesKeys(affinity: Affinity | undefined, spread: readonly TopologySpreadConstraint[]): boolean {
  const pods = [affinity?.podAffinity, affinity?.podAntiAffinity];
  const terms = pods.flatMap((rules): readonly Term[] => [
    ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => term.podAffinityTerm),
  ]);
  return [...terms, ...(spread as readonly Term[])].some(
    (term) => term.matchLabelKeys?.length || term.mismatchLabelKeys?.length,
  );
}

export const mergeMatchLabelKeys: ShapePlugin = (shape) => {
  const { affinity, topologySpreadConstraints: spread } = shape.spec;
  if (!usesKeys(affinity, spread ?? [])) return shape;
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  return withSpec(shape, {
    ...(affinity && {
      affinity: {
        ...affinity,
        ...(podAffinity && { podAffinity: mergedAffinity(podAffinity, shape.labels) }),
        ...(podAntiAffinity && { podAntiAffinity: mergedAffinity(podAntiAffinity, shape.labels) }),
      },
    }),
    ...(spread && {
      topologySpreadConstraints: spread.map((constraint) => merged(constraint, shape.labels)),
    }),
  });
};
