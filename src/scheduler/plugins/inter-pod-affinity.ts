/**
 * InterPodAffinity: puts pods near to or away from other pods, by terms of the incoming pod and of those already there.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/interpodaffinity.
 *
 * For an index: both states depend on pods only and stay current through `move`; they are valid as long as `effects`
 * is the same object (namespaces have not changed) and nodes keep their labels. What a node gets depends on its
 * domains alone (Filter: its pairs in the three counts; Score: `raw`). The plugin says nothing while isSilent, and
 * its Filter lets everything pass while the pod has no required terms and `avoiding.total` is 0.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { type Cycle, MAX_NODE_SCORE, type Plugin, type Prepared } from '../framework/plugin.ts';
import { unresolvable, unschedulable } from '../framework/status.ts';
import { ClassEffects } from './inter-pod-affinity/effects.ts';
import { AffinityFilterState, AffinityScoreState, isHit } from './inter-pod-affinity/states.ts';
import { compileTerms, type PodTerms } from './inter-pod-affinity/terms.ts';
import type { InterPodAffinityArgs } from './inter-pod-affinity.schema.ts';

const NAME = 'InterPodAffinity';
const NO_AFFINITY = unresolvable(NAME, "node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = unschedulable(NAME, "node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = unschedulable(
  NAME,
  "node(s) didn't satisfy existing pods anti-affinity rules",
);

export function interPodAffinity(
  args: InterPodAffinityArgs,
): Plugin<AffinityFilterState, AffinityScoreState> {
  const effectsByClass = new WeakMap<PodClass, ClassEffects>();
  const termsByClass = new WeakMap<PodClass, PodTerms>();

  function termsOf(cls: PodClass, { nodes }: Cluster): PodTerms {
    let terms = termsByClass.get(cls);
    if (!terms) termsByClass.set(cls, (terms = compileTerms(cls, nodes)));
    return terms;
  }

  function effectsOn({ cls, cluster }: Cycle): ClassEffects {
    let effects = effectsByClass.get(cls);
    if (!effects?.isCurrent) {
      effects = new ClassEffects(cls, cluster, args.hardPodAffinityWeight, (any) => termsOf(any, cluster));
      effectsByClass.set(cls, effects);
    }
    return effects;
  }

  return {
    name: NAME,
    preFilter(cycle): Prepared<AffinityFilterState> {
      const effects = effectsOn(cycle);
      const { required, requiredAnti } = effects.terms;
      const hasTerms = required.length > 0 || requiredAnti.length > 0;
      if (!hasTerms && !effects.hasFilterEffects) return { skip: true };
      const state = new AffinityFilterState(effects, cycle.cluster);
      return hasTerms || state.avoiding.total > 0 ? { state } : { skip: true };
    },
    filterScope: 'cluster',
    filter(state, node) {
      if (!state.satisfiesAffinity(node)) return NO_AFFINITY;
      if (isHit(state.avoided, node)) return ANTI_AFFINITY;
      return isHit(state.avoiding, node) ? EXISTING_ANTI_AFFINITY : undefined;
    },
    podMoved: (state, move) => state.move(move),
    preScore(cycle): Prepared<AffinityScoreState> {
      const effects = effectsOn(cycle);
      const hasPreferences = effects.terms.preferred.length > 0;
      if (args.ignorePreferredTermsOfExistingPods && !hasPreferences) return { skip: true };
      if (!effects.hasScoreEffects) return { skip: true };
      const state = new AffinityScoreState(effects, cycle.cluster);
      return state.isSilent ? { skip: true } : { state };
    },
    scoreScope: 'cluster',
    score: (state, node) => state.raw(node),
    normalize(_, scores) {
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      for (const score of scores) {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      for (let i = 0; i < scores.length; i++) scores[i] = normalizeAffinity(scores[i]!, min, max);
    },
  };
}

/** Stretches the range of raw scores to 0..100; all equal gives 0. */
export function normalizeAffinity(raw: number, min: number, max: number): number {
  return max > min ? Math.trunc(MAX_NODE_SCORE * ((raw - min) / (max - min))) : 0;
}
