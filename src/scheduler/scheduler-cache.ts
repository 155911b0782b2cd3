/**
 * The scheduler's picture of the cluster as its informers tell it, with the pods it has assumed to be bound: rows of
 * pods by their slot in the API, and what counts on which node.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/cache/cache.go. Assumed pods never expire.
 * Deviation: a bound pod counts with its spec; what its containers' statuses say of a resize under way is not seen.
 */
import { assert } from '../base/assert.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PodClass } from '../cluster/pod-class.ts';
import { PodFlag } from '../cluster/pod-table.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { Node } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';

/** Reason of the condition DisruptionTarget of a preempted pod. */
export const PREEMPTED = 'PreemptionByScheduler';

export class SchedulerCache {
  readonly cluster: Cluster;
  /** By row: the newest version heard of. */
  readonly pods: (PodObject | undefined)[] = [];
  /** By row: the node on which the pod counts, or would if the node existed; '' for none. */
  readonly nodeNames: string[] = [];
  readonly #clock: WallClock;
  readonly #assumed: boolean[] = [];
  #rowOfSlot = new Int32Array(64).fill(-1);
  /** Pods whose node is not there (yet, or any more), by its name. May hold rows that have moved on. */
  readonly #strays = new Map<string, number[]>();

  constructor(cluster: Cluster, clock: WallClock) {
    this.cluster = cluster;
    this.#clock = clock;
  }

  /** The row of this very pod, or -1. */
  rowOf(pod: { readonly slot: number; readonly uid: number }): number {
    const row = this.#rowOfSlot[pod.slot] ?? -1;
    return row !== -1 && this.cluster.pods.uids[row] === pod.uid ? row : -1;
  }

  classOf(pod: PodObject): PodClass {
    return this.cluster.classes.ofShape(pod.shape, pod.owner);
  }

  isAssumed(row: number): boolean {
    return this.#assumed[row]!;
  }

  /** Takes in a pod that counts nowhere yet. */
  add(pod: PodObject): number {
    const { slot } = pod;
    const row = this.cluster.addPod(this.classOf(pod), pod.identity, pod.uid);
    if (slot >= this.#rowOfSlot.length) {
      const grown = new Int32Array(Math.max(slot + 1, this.#rowOfSlot.length * 2)).fill(-1);
      grown.set(this.#rowOfSlot);
      this.#rowOfSlot = grown;
    }
    this.#rowOfSlot[slot] = row;
    this.pods[row] = pod;
    this.nodeNames[row] = '';
    this.#assumed[row] = false;
    this.#note(row, pod);
    return row;
  }

  /** Takes over a newer version; a changed class moves what the pod counts for. */
  update(row: number, pod: PodObject): void {
    const old = this.pods[row]!;
    this.pods[row] = pod;
    if (pod.identity !== old.identity) this.#reclassify(row, this.classOf(pod));
    this.#note(row, pod);
  }

  /** The pod counts on the node from now on; `node` is its row if it is known, -1 if there is no such node. */
  place(row: number, nodeName: string, isAssumed: boolean, node = this.cluster.nodes.find(nodeName)): void {
    assert(this.nodeNames[row] === '', 'a pod is placed twice');
    this.nodeNames[row] = nodeName;
    this.#assumed[row] = isAssumed;
    if (node !== -1) this.cluster.bind(row, node);
    else this.#stray(row, nodeName);
  }

  /** An assumed pod was bound indeed. */
  confirm(row: number): void {
    this.#assumed[row] = false;
  }

  /** The pod counts nowhere from now on. */
  displace(row: number): void {
    if (this.cluster.pods.node[row] !== -1) this.cluster.unbind(row);
    this.nodeNames[row] = '';
    this.#assumed[row] = false;
  }

  remove(row: number): void {
    const { slot } = this.pods[row]!;
    if (this.#rowOfSlot[slot] === row) this.#rowOfSlot[slot] = -1;
    this.cluster.removePod(row);
    this.pods[row] = undefined;
    this.nodeNames[row] = '';
    this.#assumed[row] = false;
  }

  addNode(node: Node): void {
    const name = node.metadata.name!;
    const row = this.cluster.addNode(node);
    const strays = this.#strays.get(name);
    if (!strays) return;
    this.#strays.delete(name);
    for (const pod of strays) {
      if (this.nodeNames[pod] === name && this.cluster.pods.node[pod] === -1) this.cluster.bind(pod, row);
    }
  }

  updateNode(node: Node): void {
    this.cluster.updateNode(this.cluster.nodes.find(node.metadata.name!), node);
  }

  removeNode(node: Node): void {
    const name = node.metadata.name!;
    const { nodes, pods } = this.cluster;
    const row = nodes.find(name);
    for (let pod = nodes.firstPod[row]!; pod !== -1; pod = pods.next[pod]!) this.#stray(pod, name);
    this.cluster.removeNode(row);
  }

  #stray(row: number, nodeName: string): void {
    const strays = this.#strays.get(nodeName);
    if (strays) strays.push(row);
    else this.#strays.set(nodeName, [row]);
  }

  #note(row: number, pod: PodObject): void {
    const { pods } = this.cluster;
    if (pod.startUs !== undefined) pods.startUs[row] = this.#clock.floorSecondUs(pod.startUs);
    if (pod.deletionUs === undefined) return;
    if (pod.disruption === PREEMPTED) pods.flags[row]! |= PodFlag.Preempted;
    this.cluster.setTerminating(row);
  }

  #reclassify(row: number, cls: PodClass): void {
    const { pods } = this.cluster;
    if (pods.cls[row] === cls.id) return;
    const node = pods.node[row]!;
    if (node !== -1) this.cluster.unbind(row);
    pods.cls[row] = cls.id;
    if (node !== -1) this.cluster.bind(row, node);
  }
}
