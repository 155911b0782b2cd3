/**
 * Host ports: who wants which, and which are taken on a node. A node's ports are a set, as in kube-scheduler's cache:
 * should two pods hold the same port (static pods can), the first to go takes it out for both.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/types.go HostPortInfo, NodeInfo.updateUsedPorts.
 */
import { isSidecar } from '../kube/resources.ts';
import type { PodSpec } from '../kube/types.ts';

const ANY_ADDRESS = '0.0.0.0';

export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** Host ports of containers and sidecars; other init containers' do not count. */
export function hostPortsOf({ containers, initContainers = [] }: PodSpec): readonly HostPort[] {
  return [...(containers ?? []), ...initContainers.filter(isSidecar)]
    .flatMap((container) => container.ports ?? [])
    .filter(({ hostPort = 0 }) => hostPort > 0)
    .map(({ hostPort, hostIP, protocol }) => ({
      protocol: protocol || 'TCP',
      address: hostIP || ANY_ADDRESS,
      port: hostPort!,
    }));
}

/** A port can be had once per protocol and address; 0.0.0.0 stands for every address. */
export function portsConflict(a: readonly HostPort[], b: readonly HostPort[]): boolean {
  return a.some((x) => b.some((y) => conflict(x, y)));
}

function conflict(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false;
  return a.address === b.address || a.address === ANY_ADDRESS || b.address === ANY_ADDRESS;
}

function isSame(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && a.address === b.address;
}

/** A node's ports after a pod came. */
export function withPorts(taken: readonly HostPort[], ports: readonly HostPort[]): readonly HostPort[] {
  const added = ports.filter(
    (port, i) => ![...taken, ...ports.slice(0, i)].some((other) => isSame(other, port)),
  );
  return [...taken, ...added];
}

/** A node's ports after a pod went. */
export function withoutPorts(taken: readonly HostPort[], ports: readonly HostPort[]): readonly HostPort[] {
  return taken.filter((port) => !ports.some((other) => isSame(other, port)));
}
