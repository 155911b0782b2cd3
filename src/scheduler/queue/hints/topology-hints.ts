/**
 * Queueing hints of PodTopologySpread and InterPodAffinity.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/{podtopologyspread,interpodaffinity}/plugin.go.
 * Deviation: a pod that spread rejected by a default constraint is tried again after every event of the table.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import { matchesLabelSelector } from '../../../kube/selector.ts';
import type { Node, StringMap, TopologySpreadConstraint } from '../../../kube/types.ts';
import { type AffinityTerm, compileTerms, type PodTerms } from '../../plugins/inter-pod-affinity/terms.ts';
import { ownSelector, selectsPod } from '../../plugins/pod-topology-spread/pod-selector.ts';
import { differ } from '../cluster-event.ts';
import { always, type Hint, type HintTable } from '../queueing-hints.ts';
import { classOf, isOnNode } from './subjects.ts';

// --- PodTopologySpread ---

/** The pod's own hard constraints; undefined if it has no constraint at all and the profile's defaults hold. */
function hardConstraints({ spec }: PodClass): readonly TopologySpreadConstraint[] | undefined {
  const own = spec.topologySpreadConstraints;
  return own?.length
    ? own.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
    : undefined;
}

function isSelected(constraint: TopologySpreadConstraint, cls: PodClass, labels: StringMap): boolean {
  return selectsPod(ownSelector(constraint.labelSelector, constraint.matchLabelKeys, cls.labels), labels);
}

/** A pod of the namespace came or went that a constraint counts, or began or ceased to be counted. */
const spreadPodChanged: Hint = ({ cls }, now: PodObject | undefined, before: PodObject | undefined) => {
  for (const pod of [now, before]) {
    if (pod && (!isOnNode(pod) || pod.namespace !== cls.namespace)) return false;
  }
  const constraints = hardConstraints(cls);
  return (
    constraints === undefined ||
    constraints.some((constraint) => {
      const counts = (pod: PodObject | undefined) =>
        pod !== undefined && isSelected(constraint, cls, pod.shape.labels);
      return counts(now) !== counts(before);
    })
  );
};

const targetLabelChanged: Hint = ({ cls }, now: PodObject, before: PodObject) =>
  hardConstraints(cls)?.some(
    (constraint) =>
      isSelected(constraint, cls, now.shape.labels) !== isSelected(constraint, cls, before.shape.labels),
  ) ?? true;

const spreadTargetChanged: Hint = (pod, now: PodObject, before: PodObject, cluster) => {
  const gotToleration = differ(now.shape.spec.tolerations, before.shape.spec.tolerations);
  const honorsTaints = hardConstraints(pod.cls)?.some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor');
  return (gotToleration && honorsTaints) || targetLabelChanged(pod, now, before, cluster);
};

const spreadNodeChanged: Hint = ({ cls }, now: Node | undefined, before: Node | undefined) => {
  const constraints = hardConstraints(cls);
  if (constraints === undefined) return true;
  const value = (node: Node, { topologyKey }: TopologySpreadConstraint) =>
    node.metadata.labels?.[topologyKey];
  const hasAll = (node: Node | undefined) =>
    node !== undefined && constraints.every((constraint) => value(node, constraint) !== undefined);
  if (!now || !before) return hasAll(now) || hasAll(before);
  if (hasAll(now) !== hasAll(before)) return true;
  if (!hasAll(now)) return false;
  return (
    constraints.some((constraint) => value(now, constraint) !== value(before, constraint)) ||
    differ(now.spec?.taints, before.spec?.taints)
  );
};

export const podTopologySpread: HintTable = {
  AssignedPodAdd: spreadPodChanged,
  AssignedPodDelete: spreadPodChanged,
  AssignedPodLabel: spreadPodChanged,
  TargetPodLabel: spreadTargetChanged,
  TargetPodToleration: spreadTargetChanged,
  NodeAdd: spreadNodeChanged,
  NodeDelete: spreadNodeChanged,
  NodeLabel: spreadNodeChanged,
  NodeTaint: spreadNodeChanged,
};

// --- InterPodAffinity ---

const termsByClass = new WeakMap<PodClass, PodTerms>();

function termsOf(cls: PodClass, { nodes }: Cluster): PodTerms {
  let terms = termsByClass.get(cls);
  if (!terms) termsByClass.set(cls, (terms = compileTerms(cls, nodes)));
  return terms;
}

/** As the hints see it: a namespaceSelector is held against no labels at all, whatever the namespace has. */
function matches(
  term: AffinityTerm,
  { namespace, labels }: { readonly namespace: string; readonly labels: StringMap },
): boolean {
  const { namespaces, namespaceSelector, labelSelector } = term;
  const isInNamespaces = namespaces.includes(namespace) || matchesLabelSelector(namespaceSelector, {});
  return isInNamespaces && matchesLabelSelector(labelSelector, labels);
}

const matchesAll = (terms: readonly AffinityTerm[], { shape }: PodObject): boolean =>
  terms.length > 0 && terms.every((term) => matches(term, shape));

const matchesAny = (terms: readonly AffinityTerm[], { shape }: PodObject): boolean =>
  terms.some((term) => matches(term, shape));

const affinePodAdded: Hint = ({ cls }, now: PodObject, _, cluster) =>
  isOnNode(now) && matchesAll(termsOf(cls, cluster).required, now);

const repellingPodGone: Hint = ({ cls }, _, gone: PodObject, cluster) => {
  if (!isOnNode(gone)) return false;
  if (matchesAny(termsOf(cls, cluster).requiredAnti, gone)) return true;
  const { requiredAnti } = termsOf(classOf(gone, cluster), cluster);
  return requiredAnti.some((term) => matches(term, cls));
};

const podRelabelled: Hint = ({ cls }, now: PodObject, before: PodObject, cluster) => {
  const { required, requiredAnti } = termsOf(cls, cluster);
  if (!matchesAll(required, before) && matchesAll(required, now)) return true;
  return matchesAny(requiredAnti, before) && !matchesAny(requiredAnti, now);
};

const affinityNodeChanged: Hint = ({ cls }, now: Node, before: Node | undefined) => {
  const { podAffinity, podAntiAffinity } = cls.spec.affinity ?? {};
  const keysOf = (affinity: typeof podAffinity) =>
    (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(({ topologyKey }) => topologyKey);
  const labels = now.metadata.labels ?? {};
  if (!before) {
    return keysOf(podAffinity).some((key) => key in labels) || keysOf(podAntiAffinity).length > 0;
  }
  const old = before.metadata.labels ?? {};
  return (
    keysOf(podAffinity).some((key) => key in labels && labels[key] !== old[key]) ||
    keysOf(podAntiAffinity).some((key) => key in old && labels[key] !== old[key])
  );
};

export const interPodAffinity: HintTable = {
  AssignedPodAdd: affinePodAdded,
  AssignedPodDelete: repellingPodGone,
  AssignedPodLabel: podRelabelled,
  TargetPodLabel: always,
  NodeAdd: affinityNodeChanged,
  NodeLabel: affinityNodeChanged,
};
