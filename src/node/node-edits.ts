// What a kubelet writes into its node's status.
// Source of the conditions: pkg/kubelet/nodestatus/setters.go, 1.37. Deviation: no heartbeat times (the lease has them).

import type { Condition, ContainerImage, Node, ResourceList } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';

const POSTED = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'] as const;

/** The conditions that a kubelet posts. */
export type PostedCondition = (typeof POSTED)[number];

export interface NodeReport {
  readonly clock: WallClock;
  /** The conditions that are True, Ready among them when the node is. */
  readonly isTrue: ReadonlySet<PostedCondition>;
  /** Why the node is not Ready; '' when it is. */
  readonly notReadyReason: string;
  /** Undefined: as they were. */
  readonly images: readonly ContainerImage[] | undefined;
  readonly allocatable: ResourceList | undefined;
}

export function isReadyNode(node: Node): boolean {
  return readiness(node) === 'True';
}

/** The node controller has not heard of its kubelet for long. */
export function isLostNode(node: Node): boolean {
  return readiness(node) === 'Unknown';
}

function readiness({ status }: Node): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}

function reasonOf(type: PostedCondition, isTrue: boolean, { notReadyReason }: NodeReport): string {
  if (type === 'Ready') return isTrue ? 'KubeletReady' : notReadyReason;
  if (type === 'PIDPressure') return isTrue ? 'KubeletHasInsufficientPID' : 'KubeletHasSufficientPID';
  if (type === 'MemoryPressure')
    return isTrue ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory';
  return isTrue ? 'KubeletHasDiskPressure' : 'KubeletHasNoDiskPressure';
}

function postedConditions(node: Node, nowUs: number, report: NodeReport): readonly Condition[] {
  const old = node.status?.conditions ?? [];
  const posted = POSTED.map((type): Condition => {
    const isTrue = report.isTrue.has(type);
    const status = isTrue ? 'True' : 'False';
    const known = old.find((condition) => condition.type === type);
    if (known?.status === status) return known;
    const reason = reasonOf(type, isTrue, report);
    return { type, status, reason, lastTransitionTime: report.clock.timestamp(nowUs) };
  });
  if (posted.every((condition) => old.includes(condition))) return old;
  return [...old.filter(({ type }) => !POSTED.includes(type as PostedCondition)), ...posted];
}

/** Sets the posted conditions, each with the time of its last transition, and what else is new; the rest is kept. */
export function withReport(node: Node, nowUs: number, report: NodeReport): Node {
  const { images, allocatable } = report;
  const conditions = postedConditions(node, nowUs, report);
  if (conditions === node.status?.conditions && !images && !allocatable) return node;
  const status = {
    ...node.status,
    conditions,
    ...(images && { images }),
    ...(allocatable && { allocatable }),
  };
  return { ...node, status };
}
