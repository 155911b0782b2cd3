/**
 * NodeName: a pod that names its node is looked at on that node only.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodename.
 */
import type { Plugin } from '../framework/plugin.ts';
import { unresolvable } from '../framework/status.ts';

const NAME = 'NodeName';
const WRONG_NODE = unresolvable(NAME, "node(s) didn't match the requested node name");

export function nodeName(): Plugin<string> {
  return {
    name: NAME,
    preFilter({ cls }) {
      const wanted = cls.spec.nodeName;
      return wanted ? { state: wanted, nodeNames: new Set([wanted]) } : { state: '' };
    },
    filterScope: 'static',
    classKey: ({ spec }) => spec.nodeName ?? '',
    filter: (wanted, node, { cluster }) =>
      wanted === '' || cluster.nodes.names[node] === wanted ? undefined : WRONG_NODE,
  };
}
