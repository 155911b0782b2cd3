// What a node offers to pods: its capacity without what is reserved and without the headroom of hard eviction thresholds.
// Source: pkg/kubelet/cm/node_container_manager_linux.go GetNodeAllocatableReservation, 1.37.

import { parseMilli, parseValue } from '../base/quantity.ts';
import type { ResourceList } from '../kube/types.ts';
import { type Threshold, thresholdBytes } from './pressure/thresholds.ts';

/** For kubelet and system together: cpu in millicores, memory and ephemeral-storage in bytes. */
export type Reserved = Readonly<Record<string, number>>;

const SIGNAL_OF: Readonly<Record<string, string>> = {
  memory: 'memory.available',
  'ephemeral-storage': 'nodefs.available',
};

function headroom(name: string, capacity: number, thresholds: readonly Threshold[]): number {
  const hard = thresholds.find(({ signal, graceUs }) => graceUs === 0 && signal === SIGNAL_OF[name]);
  return hard ? thresholdBytes(hard, capacity) : 0;
}

/** Never below 0. Other resources than those reserved are offered as they are. */
export function allocatableOf(
  capacity: ResourceList,
  reserved: Reserved,
  thresholds: readonly Threshold[],
): ResourceList {
  const entries = Object.entries(capacity).map(([name, quantity]) => {
    if (name === 'cpu') return [name, `${Math.max(0, parseMilli(quantity) - (reserved.cpu ?? 0))}m`];
    const whole = parseValue(quantity);
    const taken = (reserved[name] ?? 0) + headroom(name, whole, thresholds);
    return [name, taken === 0 ? quantity : String(Math.max(0, Math.floor(whole - taken)))];
  });
  return Object.fromEntries(entries) as ResourceList;
}
