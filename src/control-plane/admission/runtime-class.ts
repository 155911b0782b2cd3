// RuntimeClass: the class's overhead, node selector and tolerations go into the pod.
// Source: plugin/pkg/admission/runtimeclass/admission.go, 1.37.

import { deepEqual } from '../../base/deep-equal.ts';
import type { RuntimeClass, Toleration } from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { Refusal, type ShapePlugin, withSpec } from './shape-plugin.ts';

export function runtimeClass(state: ApiState): ShapePlugin {
  return (shape) => {
    const { runtimeClassName, overhead, nodeSelector = {}, tolerations = [] } = shape.spec;
    if (!runtimeClassName) return shape;
    const found = state.kind('RuntimeClass').get(runtimeClassName) as RuntimeClass | undefined;
    if (!found) return new Refusal(`pod rejected: RuntimeClass "${runtimeClassName}" not found`);
    const fixed = found.overhead?.podFixed;
    if (overhead && !deepEqual(overhead, fixed)) {
      return new Refusal("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    const selector = found.scheduling?.nodeSelector ?? {};
    for (const [key, value] of Object.entries(selector)) {
      if (nodeSelector[key] !== undefined && nodeSelector[key] !== value) {
        return new Refusal('conflict: runtimeClass.scheduling.nodeSelector and pod.spec.nodeSelector differ');
      }
    }
    const added = (found.scheduling?.tolerations ?? []) as readonly Toleration[];
    return withSpec(shape, {
      ...(fixed && { overhead: fixed }),
      nodeSelector: { ...nodeSelector, ...selector },
      tolerations: [
        ...tolerations,
        ...added.filter((item) => !tolerations.some((own) => deepEqual(own, item))),
      ],
    });
  };
}
