/**
 * Predicates over a node's conditions, from before conditions became taints.
 * Source: kubernetes v1.16.15 pkg/scheduler/algorithm/predicates/predicates.go CheckNodeConditionPredicate,
 * CheckNodeMemoryPressurePredicate, CheckNodeDiskPressurePredicate, CheckNodePIDPressurePredicate.
 */
import { qosClass } from '../../../kube/qos.ts';
import type { Node } from '../../../kube/types.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { type Status, unresolvable } from '../../framework/status.ts';

const Bit = { NotReady: 1, NoNetwork: 2, Cordoned: 4, Memory: 8, Disk: 16, Pid: 32 } as const;
const PRESSURES: Readonly<Record<string, number>> = {
  MemoryPressure: Bit.Memory,
  DiskPressure: Bit.Disk,
  PIDPressure: Bit.Pid,
};
/** In the order in which CheckNodeCondition tells them where nothing else is said. */
const REASONS = [
  { bit: Bit.NotReady, reason: 'node(s) were not ready' },
  { bit: Bit.NoNetwork, reason: 'node(s) had unavailable network' },
  { bit: Bit.Cordoned, reason: 'node(s) were unschedulable' },
] as const;

interface Health {
  readonly bits: number;
  /** The node lists its network before its readiness, and so do the reasons. */
  readonly isNetworkFirst: boolean;
}

const healthByNode = new WeakMap<Node, Health>();

/** A condition that is absent is fine; of pressures that are listed twice the last counts. */
function healthOf(node: Node): Health {
  let health = healthByNode.get(node);
  if (!health) healthByNode.set(node, (health = examine(node)));
  return health;
}

function examine({ spec, status }: Node): Health {
  let bits = spec?.unschedulable ? Bit.Cordoned : 0;
  const conditions = status?.conditions ?? [];
  for (const condition of conditions) {
    if (condition.type === 'Ready' && condition.status !== 'True') bits |= Bit.NotReady;
    if (condition.type === 'NetworkUnavailable' && condition.status !== 'False') bits |= Bit.NoNetwork;
    const pressure = PRESSURES[condition.type];
    if (pressure) bits = condition.status === 'True' ? bits | pressure : bits & ~pressure;
  }
  const position = (type: string) => conditions.findIndex((condition) => condition.type === type);
  return { bits, isNetworkFirst: position('NetworkUnavailable') < position('Ready') };
}

export function checkNodeCondition(name = 'CheckNodeCondition'): Plugin {
  const statuses = new Map<number, Status>();
  return {
    name,
    filterScope: 'static',
    classKey: () => '',
    filter(_, node, { cluster }) {
      const { bits, isNetworkFirst } = healthOf(cluster.nodes.objects[node]!);
      const failing = bits & (Bit.NotReady | Bit.NoNetwork | Bit.Cordoned);
      if (failing === 0) return undefined;
      const key = failing * 2 + (isNetworkFirst ? 1 : 0);
      let status = statuses.get(key);
      if (!status) {
        const [ready, network, cordoned] = REASONS;
        const order = isNetworkFirst ? [network, ready, cordoned] : REASONS;
        const told = order.filter(({ bit }) => failing & bit).map(({ reason }) => reason);
        statuses.set(key, (status = unresolvable(name, ...told)));
      }
      return status;
    },
  };
}

/** Only best-effort pods mind. */
export function checkNodeMemoryPressure(name = 'CheckNodeMemoryPressure'): Plugin<undefined> {
  return {
    ...pressure(name, Bit.Memory, 'node(s) had memory pressure'),
    preFilter: ({ cls }) =>
      qosClass({ spec: cls.spec }) === 'BestEffort' ? { state: undefined } : { skip: true },
    classKey: ({ spec }) => qosClass({ spec }),
  };
}

export function checkNodeDiskPressure(name = 'CheckNodeDiskPressure'): Plugin<undefined> {
  return pressure(name, Bit.Disk, 'node(s) had disk pressure');
}

export function checkNodePidPressure(name = 'CheckNodePIDPressure'): Plugin<undefined> {
  return pressure(name, Bit.Pid, 'node(s) had pid pressure');
}

function pressure(name: string, bit: number, reason: string): Plugin<undefined> {
  const status = unresolvable(name, reason);
  return {
    name,
    filterScope: 'static',
    classKey: () => '',
    filter: (_, node, { cluster }) =>
      healthOf(cluster.nodes.objects[node]!).bits & bit ? status : undefined,
  };
}
