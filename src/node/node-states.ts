// What the kubelets keep of each node in the detailed model: its Node object, its size, and the pods that still have
// something there, those that the API has forgotten included.

import { parseMilli, parseValue } from '../base/quantity.ts';
import type { Node, ResourceList } from '../kube/types.ts';
import type { PodWorker } from './pods/pod-worker.ts';

export class NodeState {
  node: Node | undefined;
  /** cpu in millicores, everything else in units. */
  allocatable: ReadonlyMap<string, number> = new Map();
  capacity: ReadonlyMap<string, number> = new Map();
  readonly workers = new Set<PodWorker>();
  /** A graceful shutdown is under way: no new pods. */
  isShuttingDown = false;
}

function amounts(list: ResourceList | undefined): Map<string, number> {
  return new Map(
    Object.entries(list ?? {}).map(([name, quantity]) => [
      name,
      name === 'cpu' ? parseMilli(quantity) : parseValue(quantity),
    ]),
  );
}

export class NodeStates {
  readonly #states: NodeState[] = [];

  of(row: number): NodeState {
    while (this.#states.length <= row) this.#states.push(new NodeState());
    return this.#states[row]!;
  }

  /** The Node object is gone; pods whose containers are dead go with it. */
  forget(row: number): void {
    const state = this.of(row);
    state.node = undefined;
    state.isShuttingDown = false;
  }

  /** A new version of the Node object. */
  learn(row: number, node: Node): void {
    const state = this.of(row);
    const { allocatable, capacity } = node.status ?? {};
    const isSame = state.node !== undefined && state.node.status?.allocatable === allocatable;
    state.node = node;
    if (isSame) return;
    state.allocatable = amounts(allocatable ?? capacity);
    state.capacity = amounts(capacity ?? allocatable);
  }
}
