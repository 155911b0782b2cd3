/**
 * PodTopologySpread: keeps the numbers of matching pods in topology domains close to each other, by constraints of
 * the pod or of the profile. Hard constraints filter, soft ones score.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread.
 */
import type { Cycle, Prepared } from '../framework/plugin.ts';
import { unresolvable, unschedulable } from '../framework/status.ts';
import type { DomainPlugin } from './domain-state.ts';
import { ConstraintCompiler } from './pod-topology-spread/constraints.ts';
import { SpreadCounts } from './pod-topology-spread/counts.ts';
import { SpreadFilter } from './pod-topology-spread/filter.ts';
import { SpreadScore } from './pod-topology-spread/score.ts';
import type { PodTopologySpreadArgs } from './pod-topology-spread.schema.ts';

const NAME = 'PodTopologySpread';
const REASON = "node(s) didn't match pod topology spread constraints";
const SKEWED = unschedulable(NAME, REASON);
const MISSING_LABEL = unresolvable(NAME, `${REASON} (missing required label)`);

export function podTopologySpread(args: PodTopologySpreadArgs): DomainPlugin<SpreadFilter, SpreadScore> {
  const compiler = new ConstraintCompiler(args);

  function filterState({ cls, cluster, pod: { pinnedNode } }: Cycle): SpreadFilter | undefined {
    const { hard } = compiler.of(cls, cluster);
    if (hard.length === 0) return undefined;
    return new SpreadFilter(
      new SpreadCounts(cluster, hard, { needsAllKeys: true, findsMinima: true, pinnedNode }),
    );
  }

  function scoreState({ cls, cluster, pod: { pinnedNode } }: Cycle): SpreadScore | undefined {
    const { soft, softNeedsAllKeys: needsAllKeys } = compiler.of(cls, cluster);
    if (soft.length === 0) return undefined;
    const counts = new SpreadCounts(cluster, soft, { needsAllKeys, findsMinima: false, pinnedNode });
    return new SpreadScore(counts, needsAllKeys);
  }

  return {
    name: NAME,
    basis: ({ cls, cluster }) => compiler.of(cls, cluster),
    filterState,
    scoreState,
    preFilter(cycle): Prepared<SpreadFilter> {
      const state = filterState(cycle);
      return state ? { state } : { skip: true };
    },
    filterScope: 'cluster',
    filter(state, node) {
      for (let key = 0; key < state.nKeys; key++) {
        const domain = state.domainOf(key, node);
        if (domain === -1) return MISSING_LABEL;
        if (!state.passes(key, domain)) return SKEWED;
      }
      return undefined;
    },
    /** A move of one pod (row known) is a trial; one told by class alone is for good. */
    podMoved(state, move) {
      if (move.row === -1) state.move(move);
      else state.tryMove(move);
    },
    preScore(cycle, feasible): Prepared<SpreadScore> {
      const state = scoreState(cycle);
      if (!state) return { skip: true };
      state.weigh(feasible);
      return { state };
    },
    scoreScope: 'cluster',
    normalizesByValue: true,
    score: (state, node) => state.raw(node),
    normalize(state, scores, feasible) {
      let min = Number.MAX_SAFE_INTEGER;
      let max = 0;
      for (let i = 0; i < scores.length; i++) {
        if (state.isIgnored(feasible[i]!)) continue;
        min = Math.min(min, scores[i]!);
        max = Math.max(max, scores[i]!);
      }
      for (let i = 0; i < scores.length; i++) {
        scores[i] = state.isIgnored(feasible[i]!) ? 0 : state.normalized(scores[i]!, min, max);
      }
    },
  };
}
