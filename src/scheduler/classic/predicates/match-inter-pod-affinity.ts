/**
 * MatchInterPodAffinity: the rule of InterPodAffinity, asked in another order, with two reasons each time, and with a
 * group's first pod free to go even where the topology keys are missing.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go InterPodAffinityMatches.
 */
import type { Plugin } from '../../framework/plugin.ts';
import { unresolvable, unschedulable } from '../../framework/status.ts';
import type { ClassEffects } from '../../plugins/inter-pod-affinity/effects.ts';
import { AffinityFilterState } from '../../plugins/inter-pod-affinity/states.ts';
import { interPodAffinityArgs } from '../../plugins/inter-pod-affinity.schema.ts';
import { interPodAffinity } from '../../plugins/inter-pod-affinity.ts';

const EITHER = "node(s) didn't match pod affinity/anti-affinity";

export function matchInterPodAffinity(name = 'MatchInterPodAffinity'): Plugin<AffinityFilterState> {
  const plugin = interPodAffinity(interPodAffinityArgs.parse({}));
  const noAffinity = unresolvable(name, EITHER, "node(s) didn't match pod affinity rules");
  const antiAffinity = unschedulable(name, EITHER, "node(s) didn't match pod anti-affinity rules");
  const existingAnti = unschedulable(
    name,
    EITHER,
    "node(s) didn't satisfy existing pods anti-affinity rules",
  );
  return {
    name,
    // Never left out, even while nothing keeps the pod off: a pod nominated later may.
    preFilter: (cycle) => ({
      state: new AffinityFilterState(plugin.basis(cycle) as ClassEffects, cycle.cluster),
    }),
    filterScope: 'cluster',
    podMoved(state, move) {
      state.move(move);
    },
    filter(state, node) {
      if (state.avoiding.isHit(node)) return existingAnti;
      if (!state.isFirst && !state.satisfiesAffinity(node)) return noAffinity;
      return state.avoided.isHit(node) ? antiAffinity : undefined;
    },
  };
}
