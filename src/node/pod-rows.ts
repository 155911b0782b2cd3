// The pods that the kubelets have heard of, by the pod's slot: stage of life, and place in the list of its node.
// A slot is used again when its pod is gone; timers carry the uid, which tells the two apart.

import { Float64Column, Int32Column, Uint8Column } from '../base/columns.ts';
import type { PodInformer } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { NodeRows } from './node-rows.ts';

/** Where a pod stands with its kubelet. */
export const STAGE = {
  /** No pod, or nothing has begun. */
  none: 0,
  starting: 1,
  running: 2,
  /** Its start was due while nobody could do it. */
  missed: 3,
  /** Finished for good. */
  ended: 4,
  /** Being terminated. */
  terminating: 5,
  /** Its end was due while nobody could see it. */
  overdue: 6,
} as const;

export class PodRows {
  /** Who tells the kubelets of pods, and holds them; to be set before the first is added. */
  informer!: PodInformer;
  readonly uids = new Float64Column();
  readonly stages = new Uint8Column();
  readonly nodeRows = new Int32Column();
  readonly #nodes: NodeRows;
  /** Neighbours in the node's list, as slot + 1; 0 for none. */
  readonly #next = new Int32Column();
  readonly #previous = new Int32Column();

  constructor(nodes: NodeRows) {
    this.#nodes = nodes;
  }

  /** The newest version heard of. */
  pod(slot: number): PodObject {
    return this.informer.at(slot)!;
  }

  /** Is this row still that pod's? */
  is(slot: number, uid: number): boolean {
    return this.uids.data[slot] === uid;
  }

  /** Appends the pod to the front of its node's list. */
  add(pod: PodObject, nodeRow: number): void {
    const { slot, uid } = pod.identity;
    while (this.uids.length <= slot) this.#grow();
    this.uids.data[slot] = uid;
    this.stages.data[slot] = STAGE.none;
    this.nodeRows.data[slot] = nodeRow;
    const { firstPods, nPods } = this.#nodes;
    const first = firstPods.data[nodeRow]!;
    this.#next.data[slot] = first;
    this.#previous.data[slot] = 0;
    if (first !== 0) this.#previous.data[first - 1] = slot + 1;
    firstPods.data[nodeRow] = slot + 1;
    nPods.data[nodeRow]!++;
  }

  remove(slot: number): void {
    const nodeRow = this.nodeRows.data[slot]!;
    const next = this.#next.data[slot]!;
    const previous = this.#previous.data[slot]!;
    if (next !== 0) this.#previous.data[next - 1] = previous;
    if (previous !== 0) this.#next.data[previous - 1] = next;
    else this.#nodes.firstPods.data[nodeRow] = next;
    this.#nodes.nPods.data[nodeRow]!--;
    this.uids.data[slot] = 0;
    this.stages.data[slot] = STAGE.none;
  }

  /** The slots of a node's pods, those heard of first in front. */
  slotsOn(nodeRow: number): number[] {
    const slots: number[] = [];
    for (let link = this.#nodes.firstPods.data[nodeRow]!; link !== 0; link = this.#next.data[link - 1]!) {
      slots.push(link - 1);
    }
    return slots.reverse();
  }

  #grow(): void {
    this.uids.push(0);
    this.stages.push(STAGE.none);
    this.nodeRows.push(0);
    this.#next.push(0);
    this.#previous.push(0);
  }
}
