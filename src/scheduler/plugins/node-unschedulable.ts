/**
 * NodeUnschedulable: cordoned nodes take only pods that tolerate the cordon's taint.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodeunschedulable.
 */
import { isTolerated } from '../../kube/tolerations.ts';
import type { Taint } from '../../kube/types.ts';
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';

const NAME = 'NodeUnschedulable';
const CORDONED = unresolvable(NAME, 'node(s) were unschedulable');
const TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

export function nodeUnschedulable(): Plugin {
  return {
    name: NAME,
    filterScope: 'static',
    classKey: ({ spec }) => JSON.stringify(spec.tolerations ?? []),
    filter: (_, node, { cluster, cls }) =>
      cluster.nodes.cordoned.has(node) && !isTolerated(TAINT, cls.spec.tolerations) ? CORDONED : undefined,
  };
}
