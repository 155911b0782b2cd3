// Whether a kubelet takes a pod that was bound to its node. A refused pod has failed for good.
// Source: pkg/kubelet/lifecycle/predicate.go, eviction/eviction_manager.go Admit, nodeshutdown, 1.37.
// Deviations: host ports and taints are not looked at (the scheduler has), topology and CPU managers neither; a critical
// pod does not push others off the node.

import type { PodObject } from '../kube/pod-object.ts';
import { matchesNodeAffinity } from '../kube/selector.ts';
import { isTolerated } from '../kube/tolerations.ts';
import type { Taint } from '../kube/types.ts';
import type { NodeState } from './node-states.ts';
import type { PodPlan } from './pods/pod-plan.ts';

const MEMORY_PRESSURE_TAINT: Taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };

/** The node's pressure as the kubelet itself sees it. */
export interface Pressure {
  readonly hasMemoryPressure: boolean;
  readonly hasDiskPressure: boolean;
}

/** Resources by which a node may be too small, under pressure, or leaving; '' when the pod is welcome. */
export function admissionRefusal(
  pod: PodObject,
  plan: PodPlan,
  state: NodeState,
  pressure: Pressure,
): string {
  if (state.isShuttingDown) return 'NodeShutdown';
  if (!plan.isCritical && isUnderPressure(pod, plan, pressure)) return 'Evicted';
  const lacking = lackingResource(plan, state);
  if (lacking !== '') return `OutOf${lacking}`;
  if (state.node && !matchesNodeAffinity(pod.shape.spec, state.node)) return 'NodeAffinity';
  return '';
}

function isUnderPressure(pod: PodObject, plan: PodPlan, pressure: Pressure): boolean {
  if (pressure.hasDiskPressure) return true;
  if (!pressure.hasMemoryPressure || plan.qos !== 'BestEffort') return false;
  return !isTolerated(MEMORY_PRESSURE_TAINT, pod.shape.spec.tolerations);
}

/** The first resource of which too little is left beside the pods that are there; a node of unknown size takes all. */
function lackingResource(plan: PodPlan, { allocatable, workers }: NodeState): string {
  if (allocatable.size === 0) return '';
  const nPodsMax = allocatable.get('pods');
  let nPods = 1;
  for (const worker of workers) if (!worker.isOver) nPods++;
  if (nPodsMax !== undefined && nPods > nPodsMax) return 'pods';
  for (const [name, amount] of plan.requests) {
    if (amount > 0 && amount > (allocatable.get(name) ?? 0) - requested(workers, name)) return name;
  }
  return '';
}

function requested(workers: NodeState['workers'], name: string): number {
  let sum = 0;
  for (const worker of workers) if (!worker.isOver) sum += worker.plan.requests.get(name) ?? 0;
  return sum;
}
