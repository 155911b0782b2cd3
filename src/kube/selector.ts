// Which labels a selector matches: the slow, obvious forms over plain objects. Compiled forms over columns live
// with the cluster tables and are tested against these.
// Source: apimachinery pkg/labels and apis/meta/v1 helpers, component-helpers scheduling/corev1/nodeaffinity, 1.37.

import type {
  LabelSelector,
  LabelSelectorRequirement,
  Node,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSpec,
  StringMap,
} from './types.ts';

const NO_LABELS: StringMap = {};
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

function has(labels: StringMap, key: string): boolean {
  return Object.hasOwn(labels, key);
}

/** Go's strconv.ParseInt(text, 10, 64): undefined where it fails. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined;
}

function compares(labels: StringMap, requirement: NodeSelectorRequirement): boolean {
  if (requirement.values?.length !== 1 || !has(labels, requirement.key)) return false;
  const label = parseInt64(labels[requirement.key]!);
  const bound = parseInt64(requirement.values[0]!);
  if (label === undefined || bound === undefined) return false;
  return requirement.operator === 'Gt' ? label > bound : label < bound;
}

/** One expression; a malformed one (no values for In, an unknown operator) matches nothing. */
export function matchesRequirement(
  requirement: NodeSelectorRequirement | LabelSelectorRequirement,
  labels: StringMap,
): boolean {
  const { key, operator, values = [] } = requirement;
  switch (operator) {
    case 'In':
      return has(labels, key) && values.includes(labels[key]!);
    case 'NotIn':
      return values.length > 0 && !(has(labels, key) && values.includes(labels[key]!));
    case 'Exists':
      return values.length === 0 && has(labels, key);
    case 'DoesNotExist':
      return values.length === 0 && !has(labels, key);
    case 'Gt':
    case 'Lt':
      return compares(labels, requirement);
    default:
      return false;
  }
}

/** Equality with every pair of a plain map (nodeSelector, Service, ReplicationController); an empty map matches all. */
export function matchesMap(selector: StringMap | null | undefined, labels: StringMap = NO_LABELS): boolean {
  for (const [key, value] of Object.entries(selector ?? NO_LABELS)) if (labels[key] !== value) return false;
  return true;
}

/** A missing selector matches nothing, an empty one everything. */
export function matchesLabelSelector(
  selector: LabelSelector | null | undefined,
  labels: StringMap = NO_LABELS,
): boolean {
  if (selector === null || selector === undefined) return false;
  return (
    matchesMap(selector.matchLabels, labels) &&
    (selector.matchExpressions ?? []).every((requirement) => matchesRequirement(requirement, labels))
  );
}

/** True for a selector without any condition, `{}`. */
export function isEmptySelector(selector: LabelSelector): boolean {
  return Object.keys(selector.matchLabels ?? NO_LABELS).length === 0 && !selector.matchExpressions?.length;
}

/** matchFields knows one field, metadata.name, and In or NotIn with one value. */
function matchesField(requirement: NodeSelectorRequirement, nodeName: string): boolean {
  if (requirement.key !== 'metadata.name' || requirement.values?.length !== 1) return false;
  if (requirement.operator === 'In') return requirement.values[0] === nodeName;
  return requirement.operator === 'NotIn' && requirement.values[0] !== nodeName;
}

/** Expressions and fields ANDed; a term without any matches no node. */
export function matchesNodeSelectorTerm(
  term: NodeSelectorTerm,
  labels: StringMap,
  nodeName: string,
): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  return (
    expressions.every((requirement) => matchesRequirement(requirement, labels)) &&
    fields.every((requirement) => matchesField(requirement, nodeName))
  );
}

/** Terms ORed; a selector without terms matches no node. */
export function matchesNodeSelector(selector: NodeSelector, labels: StringMap, nodeName: string): boolean {
  return (selector.nodeSelectorTerms ?? []).some((term) => matchesNodeSelectorTerm(term, labels, nodeName));
}

/** spec.nodeSelector AND the required node affinity of a pod. */
export function matchesNodeAffinity(spec: Pick<PodSpec, 'nodeSelector' | 'affinity'>, node: Node): boolean {
  const labels = node.metadata.labels ?? NO_LABELS;
  if (!matchesMap(spec.nodeSelector, labels)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesNodeSelector(required, labels, node.metadata.name ?? '');
}
