/** Selectors, tolerations and quantities, read naively: part of the slow scheduler, which shares nothing with the fast one. */
import type {
  LabelSelector,
  Node,
  NodeSelector,
  NodeSelectorTerm,
  Pod,
  StringMap,
  Taint,
  Toleration,
} from '../../../kube/types.ts';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export function labelsOf(object: Node | Pod): StringMap {
  return object.metadata.labels ?? {};
}

export function namespaceOf(pod: Pod): string {
  return pod.metadata.namespace ?? 'default';
}

/** In a label selector (and a node selector's expressions). */
export function holds({ key, operator, values = [] }: Requirement, labels: StringMap): boolean {
  const value = labels[key];
  if (operator === 'In') return value !== undefined && values.includes(value);
  if (operator === 'NotIn') return value === undefined || !values.includes(value);
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  if (value === undefined || !isWholeNumber(value) || !isWholeNumber(values[0])) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(values[0]!) : BigInt(value) < BigInt(values[0]!);
}

function isWholeNumber(text: string | undefined): boolean {
  return text !== undefined && /^-?[0-9]{1,18}$/.test(text);
}

export function requirementsOf(selector: LabelSelector): Requirement[] {
  const equal = Object.entries(selector.matchLabels ?? {});
  return [
    ...equal.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...(selector.matchExpressions ?? []),
  ];
}

export function selects(selector: LabelSelector | undefined, labels: StringMap): boolean {
  return selector !== undefined && requirementsOf(selector).every((one) => holds(one, labels));
}

function termMatches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const name = { 'metadata.name': node.metadata.name! };
  return (
    matchExpressions.every((one) => holds(one, labelsOf(node))) &&
    matchFields.every((one) => holds(one, name))
  );
}

export function nodeSelectorMatches(selector: NodeSelector, node: Node): boolean {
  return selector.nodeSelectorTerms.some((term) => termMatches(term, node));
}

export function preferenceMatches(term: NodeSelectorTerm, node: Node): boolean {
  return termMatches(term, node);
}

/** nodeSelector and required node affinity together. */
export function mayRunOn(pod: Pod, node: Node): boolean {
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) {
    if (labelsOf(node)[key] !== value) return false;
  }
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || nodeSelectorMatches(required, node);
}

function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? '');
}

/** How many of the node's taints of these effects the tolerations leave. */
export function nUntolerated(tolerations: readonly Toleration[], node: Node, ...effects: string[]): number {
  const taints = (node.spec?.taints ?? []).filter(({ effect }) => effects.includes(effect));
  return taints.filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint))).length;
}

const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity times `scale`, rounded up to a whole number. */
export function amount(quantity: string | number, scale: number): number {
  const [, digits, suffix] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(quantity))!;
  const exact = Number(digits) * FACTORS[suffix!]! * scale;
  return Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : Math.ceil(exact);
}
