/**
 * Which pods are worth keeping: higher priority first, then those that started earlier. A pod that has not started
 * yet counts as starting now, later than all others.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/preemption/util.go MoreImportantVictim. Deviation: the rest of
 * the order is that of arrival on the node (the original's sort is stable only for small lists).
 */
import type { Cluster } from '../../cluster/cluster.ts';

export function priorityOf({ pods, classes }: Cluster, row: number): number {
  return classes.all[pods.cls[row]!]!.priority;
}

/** Negative if pod `a` is more important than pod `b`. */
export function compareImportance(cluster: Cluster, a: number, b: number): number {
  const byPriority = priorityOf(cluster, b) - priorityOf(cluster, a);
  if (byPriority !== 0) return byPriority;
  const { startUs } = cluster.pods;
  if (startUs[a] === startUs[b]) return 0;
  return startUs[a]! < startUs[b]! ? -1 : 1;
}
