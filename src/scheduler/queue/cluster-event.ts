/**
 * Kinds of events that can make a rejected pod schedulable, as plugins register for them, and how updates of nodes
 * and pods divide into them.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/events.go. Left out: resize-only events of pods, declared
 * features and preemption policies of nodes, resource claims and slices (not modelled).
 */
import type { PodObject } from '../../kube/pod-object.ts';
import { podRequests } from '../../kube/resources.ts';
import type { KubeObject, Node } from '../../kube/types.ts';

export const EventKind = {
  /** Concerns every pod, whoever rejected it. */
  Wildcard: 0,
  NodeAdd: 1,
  NodeDelete: 2,
  NodeAllocatable: 3,
  NodeLabel: 4,
  /** Taints, or the node is no longer cordoned. */
  NodeTaint: 5,
  NodeCondition: 6,
  NodeAnnotation: 7,
  AssignedPodAdd: 8,
  AssignedPodDelete: 9,
  AssignedPodLabel: 10,
  AssignedPodScaleDown: 11,
  TargetPodLabel: 12,
  TargetPodScaleDown: 13,
  TargetPodGatesEliminated: 14,
  TargetPodToleration: 15,
  /** An update that is none of the special ones: no plugin of the default profile cares. */
  TargetPodOther: 16,
  PersistentVolumeAdd: 17,
  PersistentVolumeUpdate: 18,
  PersistentVolumeClaimAdd: 19,
  PersistentVolumeClaimUpdate: 20,
  StorageClassAdd: 21,
  StorageClassUpdate: 22,
  CSINodeAdd: 23,
  CSINodeUpdate: 24,
  CSIDriverUpdate: 25,
  CSIStorageCapacityAdd: 26,
  CSIStorageCapacityUpdate: 27,
  VolumeAttachmentDelete: 28,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

export const N_EVENT_KINDS = 29;

/** What an event is about: the versions before and after; one is missing when something came or went. */
export type Subject = KubeObject | PodObject | undefined;

/** The kinds into which an update of a node divides, in order. A heartbeat gives none. */
export function nodeChanges(node: Node, old: Node): EventKind[] {
  const changes: EventKind[] = [];
  if (old.spec?.unschedulable && !node.spec?.unschedulable) changes.push(EventKind.NodeTaint);
  if (differ(node.status?.allocatable, old.status?.allocatable)) changes.push(EventKind.NodeAllocatable);
  if (differ(node.metadata.labels, old.metadata.labels)) changes.push(EventKind.NodeLabel);
  if (differ(node.spec?.taints, old.spec?.taints)) changes.push(EventKind.NodeTaint);
  if (differ(conditionStatuses(node), conditionStatuses(old))) changes.push(EventKind.NodeCondition);
  if (differ(node.metadata.annotations, old.metadata.annotations)) changes.push(EventKind.NodeAnnotation);
  return changes;
}

/** The kinds into which an update of a bound pod divides; most updates (of its status) give none. */
export function assignedPodChanges(pod: PodObject, old: PodObject): readonly EventKind[] {
  if (pod.shape === old.shape) return NONE;
  const changes: EventKind[] = [];
  if (differ(pod.shape.labels, old.shape.labels)) changes.push(EventKind.AssignedPodLabel);
  if (isScaledDown(pod, old)) changes.push(EventKind.AssignedPodScaleDown);
  return changes;
}

/** The same of a pod that waits to be scheduled. */
export function targetPodChanges(pod: PodObject, old: PodObject): readonly EventKind[] {
  if (pod.shape === old.shape) return OTHER;
  const changes: EventKind[] = [];
  const { spec } = pod.shape;
  const before = old.shape.spec;
  if (differ(pod.shape.labels, old.shape.labels)) changes.push(EventKind.TargetPodLabel);
  if (isScaledDown(pod, old)) changes.push(EventKind.TargetPodScaleDown);
  if (!spec.schedulingGates?.length && before.schedulingGates?.length) {
    changes.push(EventKind.TargetPodGatesEliminated);
  }
  if ((spec.tolerations?.length ?? 0) !== (before.tolerations?.length ?? 0)) {
    changes.push(EventKind.TargetPodToleration);
  }
  return changes.length === 0 ? OTHER : changes;
}

const NONE: readonly EventKind[] = [];
const OTHER: readonly EventKind[] = [EventKind.TargetPodOther];

function isScaledDown(pod: PodObject, old: PodObject): boolean {
  if (pod.shape.spec === old.shape.spec) return false;
  const requests = podRequests({ spec: pod.shape.spec });
  const before = podRequests({ spec: old.shape.spec });
  for (const [name, amount] of before) if ((requests.get(name) ?? -1) < amount) return true;
  return false;
}

function conditionStatuses(node: Node): Record<string, string> {
  const statuses: Record<string, string> = {};
  for (const { type, status } of node.status?.conditions ?? []) statuses[type] = status;
  return statuses;
}

/** Whether two pieces of Kubernetes JSON differ; nothing and empty are the same, the order of keys does not count. */
export function differ(a: unknown, b: unknown): boolean {
  if (a === b) return false;
  if (isEmpty(a) || isEmpty(b)) return !(isEmpty(a) && isEmpty(b));
  if (typeof a !== 'object' || typeof b !== 'object') return a !== b;
  const keys = Object.keys(a as object);
  if (keys.length !== Object.keys(b as object).length) return true;
  return keys.some((key) => differ((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}
