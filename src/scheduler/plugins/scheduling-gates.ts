/**
 * SchedulingGates: a pod with gates does not enter the queue.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/schedulinggates.
 */
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';

const NAME = 'SchedulingGates';

export function schedulingGates(): Plugin {
  return {
    name: NAME,
    preEnqueue({ cls }) {
      const gates = cls.spec.schedulingGates ?? [];
      if (gates.length === 0) return undefined;
      return unresolvable(NAME, `waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`);
    },
  };
}
