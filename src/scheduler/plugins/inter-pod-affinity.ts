/**
 * InterPodAffinity: puts pods near to or away from other pods, by terms of the incoming pod and of those already there.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/interpodaffinity.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import type { Cycle, Prepared } from '../framework/plugin.ts';
import { unresolvable, unschedulable } from '../framework/status.ts';
import type { DomainPlugin } from './domain-state.ts';
import { ClassEffects } from './inter-pod-affinity/effects.ts';
import { AffinityFilterState, AffinityScoreState } from './inter-pod-affinity/states.ts';
import { compileTerms, type PodTerms } from './inter-pod-affinity/terms.ts';
import type { InterPodAffinityArgs } from './inter-pod-affinity.schema.ts';

const NAME = 'InterPodAffinity';
const NO_AFFINITY = unresolvable(NAME, "node(s) didn't match pod affinity rules");
const ANTI_AFFINITY = unschedulable(NAME, "node(s) didn't match pod anti-affinity rules");
const EXISTING_ANTI_AFFINITY = unschedulable(
  NAME,
  "node(s) didn't satisfy existing pods anti-affinity rules",
);

/** What classes do to each other, worked out once, and the states made from it. */
class Affinities {
  readonly #args: InterPodAffinityArgs;
  readonly #effects = new WeakMap<PodClass, ClassEffects>();
  readonly #terms = new WeakMap<PodClass, PodTerms>();

  constructor(args: InterPodAffinityArgs) {
    this.#args = args;
  }

  effectsOn({ cls, cluster }: Cycle): ClassEffects {
    let effects = this.#effects.get(cls);
    if (!effects?.isCurrent) {
      const { hardPodAffinityWeight } = this.#args;
      effects = new ClassEffects(cls, cluster, hardPodAffinityWeight, (any) => this.#termsOf(any, cluster));
      this.#effects.set(cls, effects);
    }
    return effects;
  }

  filterState(cycle: Cycle): AffinityFilterState | undefined {
    const effects = this.effectsOn(cycle);
    const { required, requiredAnti } = effects.terms;
    const hasTerms = required.length > 0 || requiredAnti.length > 0;
    if (!hasTerms && !effects.hasFilterEffects) return undefined;
    return new AffinityFilterState(effects, cycle.cluster);
  }

  scoreState(cycle: Cycle): AffinityScoreState | undefined {
    const effects = this.effectsOn(cycle);
    const { ignorePreferredTermsOfExistingPods } = this.#args;
    if (ignorePreferredTermsOfExistingPods && effects.terms.preferred.length === 0) return undefined;
    return effects.hasScoreEffects ? new AffinityScoreState(effects, cycle.cluster) : undefined;
  }

  #termsOf(cls: PodClass, { nodes }: Cluster): PodTerms {
    let terms = this.#terms.get(cls);
    if (!terms) this.#terms.set(cls, (terms = compileTerms(cls, nodes)));
    return terms;
  }
}

export function interPodAffinity(
  args: InterPodAffinityArgs,
): DomainPlugin<AffinityFilterState, AffinityScoreState> {
  const affinities = new Affinities(args);
  return {
    name: NAME,
    basis: (cycle) => affinities.effectsOn(cycle),
    filterState: (cycle) => affinities.filterState(cycle),
    scoreState: (cycle) => affinities.scoreState(cycle),
    preFilter(cycle): Prepared<AffinityFilterState> {
      const state = affinities.filterState(cycle);
      return !state || state.isSilent ? { skip: true } : { state };
    },
    filterScope: 'cluster',
    filter(state, node) {
      if (!state.satisfiesAffinity(node)) return NO_AFFINITY;
      if (state.avoided.isHit(node)) return ANTI_AFFINITY;
      return state.avoiding.isHit(node) ? EXISTING_ANTI_AFFINITY : undefined;
    },
    podMoved(state, move) {
      state.move(move);
    },
    preScore(cycle): Prepared<AffinityScoreState> {
      const state = affinities.scoreState(cycle);
      return !state || state.isSilent ? { skip: true } : { state };
    },
    scoreScope: 'cluster',
    normalizesByValue: true,
    score: (state, node) => state.raw(node),
    normalize(state, scores) {
      let min = Number.POSITIVE_INFINITY;
      let max = Number.NEGATIVE_INFINITY;
      for (const score of scores) {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      for (let i = 0; i < scores.length; i++) scores[i] = state.normalized(scores[i]!, min, max);
    },
  };
}
