/**
 * InterPodAffinityPriority: the sums of InterPodAffinity, stretched from a range that always includes 0.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities/interpod_affinity.go.
 */
import type { Plugin } from '../../framework/plugin.ts';
import type { AffinityScoreState } from '../../plugins/inter-pod-affinity/states.ts';
import { interPodAffinity } from '../../plugins/inter-pod-affinity.ts';
import type { ClassicRelease } from '../release.ts';

export function interPodAffinityPriority(
  name: string,
  { maxScore }: ClassicRelease,
  hardPodAffinityWeight: number,
): Plugin<unknown, AffinityScoreState> {
  const plugin = interPodAffinity({ hardPodAffinityWeight, ignorePreferredTermsOfExistingPods: false });
  return {
    name,
    preScore(cycle) {
      const state = plugin.scoreState(cycle);
      return state ? { state } : { skip: true };
    },
    scoreScope: 'cluster',
    score: (state, node) => state.raw(node),
    normalize(_, scores) {
      let min = 0;
      let max = 0;
      for (const score of scores) {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      for (let i = 0; i < scores.length; i++) {
        scores[i] = max === min ? 0 : Math.trunc(maxScore * ((scores[i]! - min) / (max - min)));
      }
    },
  };
}
