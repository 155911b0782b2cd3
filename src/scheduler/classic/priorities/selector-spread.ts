/**
 * SelectorSpreadPriority (and ServiceSpreadingPriority, which in effect is the same): few pods of the same service or
 * controller on the node, and two thirds of the weight on few of them in its zone.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/priorities/selector_spreading.go SelectorSpread.
 */
import type { Cluster } from '../../../cluster/cluster.ts';
import type { ClusterObjects } from '../../../cluster/objects.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import type { LabelSelector } from '../../../kube/types.ts';
import type { Plugin } from '../../framework/plugin.ts';
import type { ClassMatcher } from '../../plugins/class-matcher.ts';
import { allSelectors } from '../controllers.ts';
import type { ClassicRelease } from '../release.ts';
import { matcherOf, nMatchingPods } from './matching-pods.ts';

const ZONE_WEIGHT = 2 / 3;
const ZONE_KEYS = [
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
] as const;

interface State {
  readonly matcher: ClassMatcher | undefined;
}

export function selectorSpread(
  name: string,
  release: ClassicRelease,
  selectorsOf: (cls: PodClass, objects: ClusterObjects) => LabelSelector[] = allSelectors,
): Plugin<unknown, State> {
  return {
    name,
    preScore: ({ cls, cluster }) => ({
      state: { matcher: matcherOf(selectorsOf(cls, cluster.objects), cls) },
    }),
    scoreScope: 'cluster',
    score: ({ matcher }, node, { cluster }) => nMatchingPods(matcher, node, cluster),
    normalize(_, scores, feasible, { cluster }) {
      const zones = Array.from(feasible, (node) => zoneOf(node, cluster, release));
      const byZone = new Map<string, number>();
      let max = 0;
      for (let i = 0; i < scores.length; i++) {
        max = Math.max(max, scores[i]!);
        const zone = zones[i]!;
        if (zone !== '') byZone.set(zone, (byZone.get(zone) ?? 0) + scores[i]!);
      }
      const maxOfZones = Math.max(0, ...byZone.values());
      const spared = (count: number, most: number) =>
        most > 0 ? release.maxScore * ((most - count) / most) : release.maxScore;
      for (let i = 0; i < scores.length; i++) {
        const own = spared(scores[i]!, max);
        const inZone = zones[i] === '' ? own : spared(byZone.get(zones[i]!)!, maxOfZones);
        scores[i] = Math.trunc(zones[i] === '' ? own : own * (1 - ZONE_WEIGHT) + ZONE_WEIGHT * inZone);
      }
    },
  };
}

/** Region and zone together; '' for a node with neither. */
function zoneOf(node: number, { nodes }: Cluster, { readsStableLabels }: ClassicRelease): string {
  const [region, zone] = ZONE_KEYS.map(
    ([beta, stable]) =>
      nodes.labels.get(node, beta) || (readsStableLabels && nodes.labels.get(node, stable)) || '',
  );
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`;
}
