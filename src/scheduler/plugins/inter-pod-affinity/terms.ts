/**
 * A pod class's affinity and anti-affinity terms, and which other classes a term matches. Whose pod is the incoming
 * one makes a difference where a namespace has no object: the incoming pod's namespaceSelector is looked up among the
 * namespaces that exist, an existing pod's is held against the labels (perhaps none) of the incoming pod's namespace.
 * Source: kubernetes v1.37.2 staging kube-scheduler/framework/types.go AffinityTerm, interpodaffinity/plugin.go
 * mergeAffinityTermNamespacesIfNotEmpty.
 * Deviation: a selector that does not parse matches nothing instead of failing the cycle (validation lets none in).
 */
import type { LabelColumn } from '../../../cluster/label-columns.ts';
import type { NodeTable } from '../../../cluster/node-table.ts';
import type { ClusterObjects } from '../../../cluster/objects.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { isEmptySelector, matchesLabelSelector } from '../../../kube/selector.ts';
import type { LabelSelector, PodAffinityTerm } from '../../../kube/types.ts';

export interface AffinityTerm {
  /** The topology key's labels. */
  readonly column: LabelColumn;
  readonly namespaces: readonly string[];
  readonly namespaceSelector: LabelSelector | undefined;
  /** Undefined matches no pod. */
  readonly labelSelector: LabelSelector | undefined;
  /** Of a preferred term, below 0 for anti-affinity; 0 for a required one. */
  readonly weight: number;
}

export interface PodTerms {
  readonly required: readonly AffinityTerm[];
  readonly requiredAnti: readonly AffinityTerm[];
  /** Affinity and anti-affinity. */
  readonly preferred: readonly AffinityTerm[];
}

/** Of all classes that ask for nothing: two such have no effect on each other, however many there are. */
export const NO_TERMS: PodTerms = { required: [], requiredAnti: [], preferred: [] };

export function compileTerms({ spec, namespace }: PodClass, nodes: NodeTable): PodTerms {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return NO_TERMS;
  const compile = (term: PodAffinityTerm, weight = 0): AffinityTerm => ({
    column: nodes.labels.column(term.topologyKey),
    namespaces: term.namespaces?.length || term.namespaceSelector ? (term.namespaces ?? []) : [namespace],
    namespaceSelector: term.namespaceSelector,
    labelSelector: term.labelSelector,
    weight,
  });
  const preferred = (affinity: typeof podAffinity, sign: 1 | -1) =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
      compile(podAffinityTerm, sign * weight),
    );
  const required = (affinity: typeof podAffinity) =>
    (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => compile(term));
  return {
    required: required(podAffinity),
    requiredAnti: required(podAntiAffinity),
    preferred: [...preferred(podAffinity, 1), ...preferred(podAntiAffinity, -1)],
  };
}

/** Whether the incoming pod's term matches an existing pod. */
export function incomingTermMatches(
  term: AffinityTerm,
  existing: PodClass,
  objects: ClusterObjects,
): boolean {
  return isInNamespaces(term, existing, objects) && matchesLabelSelector(term.labelSelector, existing.labels);
}

function isInNamespaces(term: AffinityTerm, { namespace }: PodClass, objects: ClusterObjects): boolean {
  const { namespaces, namespaceSelector } = term;
  if (namespaces.includes(namespace)) return true;
  if (!namespaceSelector) return false;
  if (isEmptySelector(namespaceSelector)) return true;
  const object = objects.get('Namespace', undefined, namespace);
  return object !== undefined && matchesLabelSelector(namespaceSelector, object.metadata.labels);
}

/** Whether an existing pod's term matches the incoming pod. */
export function existingTermMatches(
  term: AffinityTerm,
  incoming: PodClass,
  objects: ClusterObjects,
): boolean {
  const { namespaces, namespaceSelector, labelSelector } = term;
  if (!matchesLabelSelector(labelSelector, incoming.labels)) return false;
  if (namespaces.includes(incoming.namespace)) return true;
  const object = objects.get('Namespace', undefined, incoming.namespace);
  return matchesLabelSelector(namespaceSelector, object?.metadata.labels);
}
