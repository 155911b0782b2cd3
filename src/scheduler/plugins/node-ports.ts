/**
 * NodePorts: a host port can be had once per node, protocol and address.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodeports.
 */
import { portsConflict } from '../../cluster/host-ports.ts';
import type { Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';

const NAME = 'NodePorts';
const TAKEN = unschedulable(NAME, "node(s) didn't have free ports for the requested pod ports");

export function nodePorts(): Plugin<undefined> {
  return {
    name: NAME,
    preFilter: ({ cls }) => (cls.hostPorts.length === 0 ? { skip: true } : { state: undefined }),
    filterScope: 'node',
    classKey: ({ hostPorts }) => JSON.stringify(hostPorts),
    filter: (_, node, { cls, cluster }) =>
      portsConflict(cls.hostPorts, cluster.nodes.hostPorts[node]!) ? TAKEN : undefined,
  };
}
