/**
 * PodTopologySpread: keeps the numbers of matching pods in topology domains close to each other, by constraints of
 * the pod or of the profile. Hard constraints filter, soft ones score.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/podtopologyspread.
 *
 * For an index: both states hold a SpreadCounts, which depends on pods only and stays current through `move`; it is
 * valid as long as `constraints` is the same object and nodes keep their labels and taints. A node passes or fails by
 * its domains alone, and SpreadScore.raw(node) reads its domains' counts and the weights, which `weigh` (or
 * domainWeight, given the sizes) makes from the feasible nodes.
 */
import type { Plugin, Prepared } from '../framework/plugin.ts';
import { unresolvable, unschedulable } from '../framework/status.ts';
import { ConstraintCompiler } from './pod-topology-spread/constraints.ts';
import { SpreadCounts } from './pod-topology-spread/counts.ts';
import { normalizeSpread, SpreadScore } from './pod-topology-spread/score.ts';
import type { PodTopologySpreadArgs } from './pod-topology-spread.schema.ts';

const NAME = 'PodTopologySpread';
const REASON = "node(s) didn't match pod topology spread constraints";
const SKEWED = unschedulable(NAME, REASON);
const MISSING_LABEL = unresolvable(NAME, `${REASON} (missing required label)`);

export function podTopologySpread(args: PodTopologySpreadArgs): Plugin<SpreadCounts, SpreadScore> {
  const compiler = new ConstraintCompiler(args);
  return {
    name: NAME,
    preFilter({ cls, cluster, pod: { pinnedNode } }): Prepared<SpreadCounts> {
      const { hard } = compiler.of(cls, cluster);
      if (hard.length === 0) return { skip: true };
      return { state: new SpreadCounts(cluster, hard, { needsAllKeys: true, byNode: false, pinnedNode }) };
    },
    filterScope: 'cluster',
    filter({ constraints, domains }, node) {
      for (let i = 0; i < constraints.length; i++) {
        const { column, maxSkew, minDomains, selfMatch } = constraints[i]!;
        const domain = column.data[node]!;
        if (domain === -1) return MISSING_LABEL;
        const { counts, nDomains, min } = domains[i]!;
        const skew = counts[domain]! + selfMatch - (nDomains < minDomains ? 0 : min);
        if (skew > maxSkew) return SKEWED;
      }
      return undefined;
    },
    /** A move of one pod (row known) is a trial; one told by class alone is for good. */
    podMoved(counts, move) {
      if (move.row === -1) counts.move(move);
      else counts.tryMove(move);
    },
    preScore({ cls, cluster, pod: { pinnedNode } }, feasible): Prepared<SpreadScore> {
      const { soft, softNeedsAllKeys: needsAllKeys } = compiler.of(cls, cluster);
      if (soft.length === 0) return { skip: true };
      const counts = new SpreadCounts(cluster, soft, { needsAllKeys, byNode: true, pinnedNode });
      const state = new SpreadScore(counts, needsAllKeys);
      state.weigh(feasible);
      return { state };
    },
    scoreScope: 'cluster',
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
        scores[i] = state.isIgnored(feasible[i]!) ? 0 : normalizeSpread(scores[i]!, min, max);
      }
    },
  };
}
