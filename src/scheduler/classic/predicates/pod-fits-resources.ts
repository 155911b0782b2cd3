/**
 * PodFitsResources. Unlike NodeResourcesFit, a pod that asks for anything is held against cpu, memory and ephemeral
 * storage alike, so one that asks for cpu alone fails on a node that is over-committed in memory.
 * Source: kubernetes v1.17.17 pkg/scheduler/algorithm/predicates/predicates.go PodFitsResources.
 * Deviation: scalar resources are told in order of their names (the original: any order).
 */

import { compareStrings } from '../../../base/orders.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { PodClass } from '../../../cluster/pod-class.ts';
import { CPU, EPHEMERAL_STORAGE, MEMORY, PODS } from '../../../cluster/resources.ts';
import type { Plugin } from '../../framework/plugin.ts';
import { type Status, unschedulable } from '../../framework/status.ts';
import { requestsKey } from '../../plugins/resource-amounts.ts';

/** A resource of which a node has too little for a pod. */
export interface Insufficient {
  readonly resource: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}

interface Checked {
  readonly ids: readonly number[];
  readonly amounts: readonly number[];
}

interface State extends Checked {
  /** By shortage: bit 0 = pods, bit i+1 = the i-th resource. */
  readonly statuses: Map<number, Status>;
}

export function podFitsResources(name = 'PodFitsResources'): Plugin<State> {
  const states = new WeakMap<PodClass, State>();
  return {
    name,
    preFilter({ cls, cluster }) {
      let state = states.get(cls);
      if (!state) states.set(cls, (state = { ...checkedResources(cls, cluster), statuses: new Map() }));
      return { state };
    },
    filterScope: 'node',
    classKey: (cls) => requestsKey(cls),
    filter(state, node, { cluster }) {
      const shortage = shortageOf(state, node, cluster);
      if (shortage === 0) return undefined;
      let status = state.statuses.get(shortage);
      if (!status) {
        const reasons = resourcesIn(shortage, state).map(
          (id) => `Insufficient ${cluster.resources.name(id)}`,
        );
        state.statuses.set(shortage, (status = unschedulable(name, ...reasons)));
      }
      return status;
    },
  };
}

/** What a node has too little of for pods of a class, with the figures. */
export function insufficientResources(cls: PodClass, node: number, cluster: Cluster): Insufficient[] {
  const checked = checkedResources(cls, cluster);
  const { nodes, resources } = cluster;
  return resourcesIn(shortageOf(checked, node, cluster), checked).map((id) => ({
    resource: resources.name(id),
    requested: id === PODS ? 1 : checked.amounts[checked.ids.indexOf(id)]!,
    used: id === PODS ? nodes.nPods[node]! : nodes.requested[id]![node]!,
    capacity: nodes.allocatable[id]![node]!,
  }));
}

/** Nothing for a pod that names no scalar resource and asks for nothing of the rest. */
function checkedResources({ requests }: PodClass, { resources }: Cluster): Checked {
  const amountOf = (id: number) => requests.amounts[requests.ids.indexOf(id)] ?? 0;
  const scalars = requests.ids
    .filter((id) => id > PODS)
    .sort((a, b) => compareStrings(resources.name(a), resources.name(b)));
  const ids = [CPU, MEMORY, EPHEMERAL_STORAGE, ...scalars];
  const amounts = ids.map(amountOf);
  return scalars.length > 0 || amounts.some((amount) => amount > 0)
    ? { ids, amounts }
    : { ids: [], amounts: [] };
}

function shortageOf({ ids, amounts }: Checked, node: number, { nodes }: Cluster): number {
  let shortage = nodes.nPods[node]! + 1 > nodes.allocatable[PODS]![node]! ? 1 : 0;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (nodes.allocatable[id]![node]! < amounts[i]! + nodes.requested[id]![node]!) shortage += 2 ** (i + 1);
  }
  return shortage;
}

function resourcesIn(shortage: number, { ids }: Checked): number[] {
  return [PODS, ...ids].filter((_, i) => Math.floor(shortage / 2 ** i) % 2 === 1);
}
