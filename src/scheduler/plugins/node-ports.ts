/**
 * NodePorts: a host port can be had once per node, protocol and address; 0.0.0.0 stands for every address.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/nodeports, pkg/scheduler/framework/types.go HostPortInfo.
 */
import type { PodClass } from '../../cluster/pod-class.ts';
import { isSidecar } from '../../kube/resources.ts';
import type { Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';

const NAME = 'NodePorts';
const TAKEN = unschedulable(NAME, "node(s) didn't have free ports for the requested pod ports");
const ANY_ADDRESS = '0.0.0.0';

export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

const portsByClass = new WeakMap<PodClass, readonly HostPort[]>();

/** Host ports of containers and sidecars; other init containers' do not count. */
export function hostPorts(cls: PodClass): readonly HostPort[] {
  let ports = portsByClass.get(cls);
  if (!ports) {
    const { containers, initContainers = [] } = cls.spec;
    ports = [...containers, ...initContainers.filter(isSidecar)]
      .flatMap((container) => container.ports ?? [])
      .filter(({ hostPort = 0 }) => hostPort > 0)
      .map(({ hostPort, hostIP, protocol }) => ({
        protocol: protocol || 'TCP',
        address: hostIP || ANY_ADDRESS,
        port: hostPort!,
      }));
    portsByClass.set(cls, ports);
  }
  return ports;
}

export function portsConflict(a: readonly HostPort[], b: readonly HostPort[]): boolean {
  return a.some((x) => b.some((y) => conflict(x, y)));
}

function conflict(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.address === b.address || a.address === ANY_ADDRESS || b.address === ANY_ADDRESS;
}

export function nodePorts(): Plugin<readonly HostPort[]> {
  return {
    name: NAME,
    preFilter({ cls }) {
      const wanted = hostPorts(cls);
      return wanted.length === 0 ? { skip: true } : { state: wanted };
    },
    filterScope: 'node',
    filter(wanted, node, { cluster }) {
      const { pods, nodes, classes } = cluster;
      for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
        if (portsConflict(wanted, hostPorts(classes.all[pods.cls[pod]!]!))) return TAKEN;
      }
      return undefined;
    },
  };
}
