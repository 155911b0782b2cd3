/**
 * Predicates over what a node is: its name, labels, taints and cordon.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go PodFitsHost, PodMatchNodeSelector,
 * CheckNodeUnschedulablePredicate, PodToleratesNodeTaints, NodeLabelChecker.
 */
import { findUntoleratedTaint } from '../../../kube/tolerations.ts';
import type { TaintEffect } from '../../../kube/types.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { unresolvable } from '../../framework/status.ts';
import { nodeAffinity } from '../../plugins/node-affinity.ts';
import { nodeName } from '../../plugins/node-name.ts';
import { nodeUnschedulable } from '../../plugins/node-unschedulable.ts';
import { predicateFromPlugin } from './from-plugin.ts';

const WRONG_NAME = "node(s) didn't match the requested hostname";
const WRONG_LABELS = "node(s) didn't match node selector";
const CORDONED = 'node(s) were unschedulable';
const UNTOLERATED = "node(s) had taints that the pod didn't tolerate";
const LABELS_ASKED = "node(s) didn't have the requested labels";

export function hostName(name = 'HostName'): Plugin<unknown> {
  const status = unresolvable(name, WRONG_NAME);
  return predicateFromPlugin(name, nodeName(), () => status);
}

/** spec.nodeSelector and required node affinity. */
export function matchNodeSelector(name = 'MatchNodeSelector'): Plugin<unknown> {
  const status = unresolvable(name, WRONG_LABELS);
  return predicateFromPlugin(name, nodeAffinity({}), () => status);
}

export function checkNodeUnschedulable(name = 'CheckNodeUnschedulable'): Plugin<unknown> {
  const status = unresolvable(name, CORDONED);
  return predicateFromPlugin(name, nodeUnschedulable(), () => status);
}

/** NoSchedule and NoExecute taints, or those of one effect. */
export function toleratesTaints(name: string, effects: readonly TaintEffect[]): Plugin {
  const status = unresolvable(name, UNTOLERATED);
  return {
    name,
    filterScope: 'static',
    classKey: ({ spec }) => JSON.stringify(spec.tolerations ?? []),
    filter(_, node, { cluster, cls }) {
      const taints = cluster.nodes.taints[node]!;
      if (taints.length === 0) return undefined;
      return findUntoleratedTaint(taints, cls.spec.tolerations, effects) === undefined ? undefined : status;
    },
  };
}

/** Labels that a node must have, and labels that it must not have, whatever their values. */
export function checkNodeLabelPresence(
  name: string,
  present: readonly string[],
  absent: readonly string[],
): Plugin {
  const status = unresolvable(name, LABELS_ASKED);
  return {
    name,
    filterScope: 'static',
    classKey: () => '',
    filter(_, node, { cluster }) {
      const { labels } = cluster.nodes;
      const has = (key: string) => labels.column(key).data[node] !== -1;
      return present.every(has) && !absent.some(has) ? undefined : status;
    },
  };
}
