// Taints and labels that the node life cycle controller keeps on nodes.
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/controller/util/node/controller_utils.go, 1.37.

import { compareStrings } from '../../../base/orders.ts';
import type { ConditionStatus, Node, Taint, TaintEffect } from '../../../kube/types.ts';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

const BY_CONDITION: Readonly<Record<string, Partial<Record<ConditionStatus, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};

const KEYS = new Set([
  UNSCHEDULABLE,
  ...Object.values(BY_CONDITION).flatMap((byStatus) => Object.values(byStatus)),
]);

export function readyStatus(node: Node): ConditionStatus | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

/** The keys of the NoSchedule taints that a node's conditions and cordon ask for. */
export function wantedKeys(node: Node): Set<string> {
  const wanted = new Set<string>();
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = BY_CONDITION[type]?.[status];
    if (key) wanted.add(key);
  }
  if (node.spec?.unschedulable) wanted.add(UNSCHEDULABLE);
  return wanted;
}

const isOwn = ({ key, effect }: Taint) => effect === 'NoSchedule' && KEYS.has(key);

export function areTaintsCurrent(node: Node): boolean {
  const wanted = wantedKeys(node);
  const own = (node.spec?.taints ?? []).filter(isOwn);
  return own.length === wanted.size && own.every(({ key }) => wanted.has(key));
}

function withTaints(node: Node, taints: readonly Taint[]): Node {
  return { ...node, spec: { ...node.spec, taints } };
}

/** The node with exactly the wanted ones among the NoSchedule taints of this controller. */
export function withWantedTaints(node: Node, wanted: ReadonlySet<string>): Node {
  const kept = (node.spec?.taints ?? []).filter((taint) => !isOwn(taint) || wanted.has(taint.key));
  const known = new Set(kept.filter(isOwn).map(({ key }) => key));
  const missing = [...wanted].filter((key) => !known.has(key)).sort(compareStrings);
  return withTaints(node, [...kept, ...missing.map((key): Taint => ({ key, effect: 'NoSchedule' }))]);
}

export function hasTaint(node: Node, key: string, effect: TaintEffect): boolean {
  return (node.spec?.taints ?? []).some((taint) => taint.key === key && taint.effect === effect);
}

/** The node with this NoExecute taint of the two, or with neither. */
export function withNoExecute(node: Node, key: string | undefined, timeAdded: string): Node {
  const others = (node.spec?.taints ?? []).filter(
    (taint) =>
      taint.effect !== 'NoExecute' ||
      (taint.key !== NOT_READY && taint.key !== UNREACHABLE) ||
      taint.key === key,
  );
  const has = key === undefined || others.some((taint) => taint.key === key && taint.effect === 'NoExecute');
  return withTaints(node, has ? others : [...others, { key, effect: 'NoExecute', timeAdded }]);
}

/** Old labels that are kept beside the new ones. */
const BETA_LABELS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const;

export function areLabelsCurrent(node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  return BETA_LABELS.every(([label, beta]) => labels[label] === undefined || labels[beta] === labels[label]);
}

export function withBetaLabels(node: Node): Node {
  const labels: Record<string, string> = { ...node.metadata.labels };
  for (const [label, beta] of BETA_LABELS) if (labels[label] !== undefined) labels[beta] = labels[label];
  return { ...node, metadata: { ...node.metadata, labels } };
}
