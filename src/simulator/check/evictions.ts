/** Whether an accepted eviction was paid for by the pod's budget. */
import type { ApiState } from '../../control-plane/api-state.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { matchesLabelSelector } from '../../kube/selector.ts';
import type { PodDisruptionBudget } from '../../kube/types.ts';

/** In words, if a healthy pod is evicted that its budget does not let go. */
export function chargedBudgets(state: ApiState, pod: PodObject): string | undefined {
  if (!pod.ready || pod.phase !== 'Running' || pod.terminating) return undefined;
  for (const object of state.kind('PodDisruptionBudget').values()) {
    const { metadata, spec, status = {} } = object as PodDisruptionBudget;
    if (metadata.namespace !== pod.namespace || !matchesLabelSelector(spec?.selector, pod.shape.labels))
      continue;
    const { disruptionsAllowed = 0, disruptedPods = {} } = status;
    if (disruptionsAllowed < 0) return `${metadata.name} allows ${disruptionsAllowed}`;
    if (disruptedPods[pod.name] === undefined) return `${metadata.name} does not know of ${pod.name}`;
  }
  return undefined;
}
