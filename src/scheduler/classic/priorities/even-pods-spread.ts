/**
 * EvenPodsSpreadPriority: few matching pods in the node's domains, against the sum over all feasible nodes. Unlike the
 * predicate it counts pods of every namespace.
 * Source: kubernetes v1.17.17 and v1.16.15 pkg/scheduler/algorithm/priorities/even_pods_spread.go.
 */
import type { Plugin } from '../../framework/plugin.ts';
import { EvenSpread } from '../even-spread.ts';
import type { ClassicRelease } from '../release.ts';

export function evenPodsSpreadPriority(
  name: string,
  { maxScore, name: release }: ClassicRelease,
): Plugin<unknown, EvenSpread> {
  return {
    name,
    preScore(cycle) {
      const spread = new EvenSpread(cycle, 'ScheduleAnyway', () => true);
      return spread.constraints.length === 0 ? { skip: true } : { state: spread };
    },
    scoreScope: 'cluster',
    score(spread, node) {
      if (!spread.hasKeys(node)) return 0;
      return spread.constraints.reduce((sum, _, i) => sum + spread.countAt(i, node), 0);
    },
    normalize(spread, scores, feasible) {
      let total = 0;
      let min = Number.POSITIVE_INFINITY;
      feasible.forEach((node, i) => {
        if (!spread.hasKeys(node)) return;
        total += scores[i]!;
        min = Math.min(min, scores[i]!);
      });
      // Where all are equal, 1.16 still leaves nodes without the keys at 0.
      const withoutKeys = total === min && release === 'classic-1.17' ? maxScore : 0;
      feasible.forEach((node, i) => {
        if (!spread.hasKeys(node)) scores[i] = withoutKeys;
        else
          scores[i] =
            total === min ? maxScore : Math.trunc(maxScore * ((total - scores[i]!) / (total - min)));
      });
    },
  };
}
