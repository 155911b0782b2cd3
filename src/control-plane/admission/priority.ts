// Priority: resolves priorityClassName to a number and a preemption policy.
// Source: plugin/pkg/admission/priority/admission.go, 1.37.

import type { PriorityClass } from '../../kube/types.ts';
import type { ApiState } from '../api-state.ts';
import { Refusal, type ShapePlugin, withSpec } from './shape-plugin.ts';

const BUILT_IN: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

type Resolved = Pick<PriorityClass, 'value' | 'preemptionPolicy'> & { readonly name?: string };

/** Of several default classes (possible after a race only) the lowest value counts. */
function globalDefault(classes: Iterable<PriorityClass>): Resolved {
  let found: PriorityClass | undefined;
  for (const cls of classes) if (cls.globalDefault && (!found || cls.value < found.value)) found = cls;
  const { value = 0, preemptionPolicy, metadata } = found ?? {};
  return {
    value,
    ...(preemptionPolicy && { preemptionPolicy }),
    ...(metadata?.name && { name: metadata.name }),
  };
}

export function priority(state: ApiState): ShapePlugin {
  const classes = () => state.kind('PriorityClass');
  const resolve = (name: string | undefined): Resolved | undefined => {
    if (!name) return globalDefault(classes().values() as Iterable<PriorityClass>);
    const value = BUILT_IN[name];
    if (value !== undefined) return { value, name };
    const found = classes().get(name) as PriorityClass | undefined;
    return (
      found && {
        value: found.value,
        ...(found.preemptionPolicy && { preemptionPolicy: found.preemptionPolicy }),
        name,
      }
    );
  };
  return (shape) => {
    const { spec } = shape;
    const resolved = resolve(spec.priorityClassName);
    if (!resolved) return new Refusal(`no PriorityClass with name ${spec.priorityClassName} was found`);
    if (spec.priority !== undefined && spec.priority !== resolved.value) {
      return new Refusal(
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${resolved.value} from the given PriorityClass name`,
      );
    }
    return withSpec(shape, {
      priority: resolved.value,
      preemptionPolicy: spec.preemptionPolicy ?? resolved.preemptionPolicy ?? 'PreemptLowerPriority',
      ...(resolved.name && { priorityClassName: resolved.name }),
    });
  };
}
