/**
 * ServiceAntiAffinity: few pods of the pod's first service among the nodes that share the node's value of a label;
 * the mean over several labels.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities/selector_spreading.go ServiceAntiAffinity.
 */
import type { Plugin } from '../../framework/plugin.ts';
import type { ClassMatcher } from '../../plugins/class-matcher.ts';
import { serviceSelectors } from '../controllers.ts';
import type { ClassicRelease } from '../release.ts';
import { matcherOf, nMatchingPods } from './matching-pods.ts';

interface State {
  readonly matcher: ClassMatcher | undefined;
}

export function serviceAntiAffinity(
  name: string,
  { maxScore }: ClassicRelease,
  labels: readonly string[],
): Plugin<unknown, State> {
  return {
    name,
    preScore({ cls, cluster }) {
      const [first] = serviceSelectors(cls, cluster.objects);
      return { state: { matcher: matcherOf(first ? [first] : [], cls) } };
    },
    scoreScope: 'cluster',
    score: ({ matcher }, node, { cluster }) => nMatchingPods(matcher, node, cluster),
    normalize(_, scores, feasible, { cluster }) {
      const total = scores.reduce((sum, score) => sum + score, 0);
      const means = new Float64Array(scores.length);
      for (const label of labels) {
        const { data } = cluster.nodes.labels.column(label);
        const byValue = new Map<number, number>();
        feasible.forEach((node, i) => {
          byValue.set(data[node]!, (byValue.get(data[node]!) ?? 0) + scores[i]!);
        });
        feasible.forEach((node, i) => {
          if (data[node] === -1) return;
          const score = total > 0 ? maxScore * ((total - byValue.get(data[node]!)!) / total) : maxScore;
          means[i]! += score / labels.length;
        });
      }
      for (let i = 0; i < scores.length; i++) scores[i] = Math.trunc(means[i]!);
    },
  };
}
