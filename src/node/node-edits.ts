// What a kubelet writes into its node's status.
// Source of the conditions: pkg/kubelet/nodestatus/setters.go, 1.37. Deviation: no heartbeat times (the lease has them).

import type { Condition, Node } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';

/** Of all conditions that a kubelet posts. */
const POSTED = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'] as const;

export type PostedCondition = (typeof POSTED)[number];

export interface ConditionUpdate {
  readonly clock: WallClock;
  /** The conditions that are True, Ready among them when the node is. */
  readonly isTrue: ReadonlySet<PostedCondition>;
  readonly readyReason: string;
}

export function isReadyNode(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Sets all four conditions, each with the time of its last transition; other conditions are kept. */
export function withConditions(node: Node, nowUs: number, update: ConditionUpdate): Node {
  const old = node.status?.conditions ?? [];
  const posted = POSTED.map((type): Condition => {
    const status = update.isTrue.has(type) ? 'True' : 'False';
    const known = old.find((condition) => condition.type === type);
    if (known?.status === status) return known;
    const reason =
      type === 'Ready' ? update.readyReason : `Kubelet${status === 'True' ? 'Has' : 'HasNo'}${type}`;
    return { type, status, reason, lastTransitionTime: update.clock.timestamp(nowUs) };
  });
  if (posted.every((condition) => old.includes(condition))) return node;
  const others = old.filter(({ type }) => !POSTED.includes(type as PostedCondition));
  return { ...node, status: { ...node.status, conditions: [...others, ...posted] } };
}
