// Whom the kernel kills when the pods of a node together exceed what is meant for them.
// Source: pkg/kubelet/qos/policy.go (oom_score_adj), 1.37, and the kernel's badness: share of memory in thousandths plus adj.

import type { ContainerPlan, PodPlan } from '../pods/pod-plan.ts';

const GUARANTEED_ADJ = -997;
const BEST_EFFORT_ADJ = 1000;

export function oomScoreAdj(pod: PodPlan, container: ContainerPlan, capacityBytes: number): number {
  if (pod.isCritical || pod.qos === 'Guaranteed') return GUARANTEED_ADJ;
  if (pod.qos === 'BestEffort') return BEST_EFFORT_ADJ;
  const adj = 1000 - Math.floor((1000 * container.memoryRequestBytes) / capacityBytes);
  return Math.min(999, Math.max(3, adj));
}

/** The larger, the sooner killed. */
export function badness(usedBytes: number, capacityBytes: number, adj: number): number {
  return (1000 * usedBytes) / capacityBytes + adj;
}
