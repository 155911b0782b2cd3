/**
 * TaintToleration: NoSchedule and NoExecute taints keep pods away, PreferNoSchedule taints cost score.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/tainttoleration.
 */
import { findUntoleratedTaint, isTolerated } from '../../kube/tolerations.ts';
import type { Toleration } from '../../kube/types.ts';
import { normalizeByMax } from '../framework/normalize.ts';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';

const NAME = 'TaintToleration';
const UNTOLERATED = unresolvable(NAME, 'node(s) had untolerated taint(s)');

/** The Score state is the pod's tolerations that count against PreferNoSchedule taints. */
export function taintToleration(): Plugin<undefined, readonly Toleration[]> {
  return {
    name: NAME,
    filterScope: 'static',
    classKey: ({ spec }) => JSON.stringify(spec.tolerations ?? []),
    filter(_, node, { cluster, cls }) {
      const taints = cluster.nodes.taints[node]!;
      if (taints.length === 0) return undefined;
      return findUntoleratedTaint(taints, cls.spec.tolerations) === undefined ? undefined : UNTOLERATED;
    },
    preScore({ cls }) {
      const counts = ({ effect }: Toleration) => !effect || effect === 'PreferNoSchedule';
      return { state: (cls.spec.tolerations ?? []).filter(counts) };
    },
    scoreScope: 'static',
    score(tolerations, node, { cluster }) {
      const taints = cluster.nodes.taints[node]!;
      let nIntolerable = 0;
      for (const taint of taints) {
        if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations)) nIntolerable++;
      }
      return nIntolerable;
    },
    normalizesByValue: true,
    normalize: (_, scores) => normalizeByMax(scores, true),
  };
}
