/**
 * The scheduler's picture of the cluster: columns of nodes and pods, compiled pod classes, and the objects that
 * plugins read. These methods are the only mutators, and each leaves an entry in the change log.
 */
import { assert } from '../base/assert.ts';
import type { PodResourceOptions } from '../kube/resources.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import { Change, ChangeLog } from './change-log.ts';
import { type HostPort, withoutPorts, withPorts } from './host-ports.ts';
import { Images } from './images.ts';
import { NodeOrder } from './node-order.ts';
import { NodeTable } from './node-table.ts';
import { ClusterObjects } from './objects.ts';
import { type PodClass, PodClasses } from './pod-class.ts';
import { type Named, PodFlag, PodTable } from './pod-table.ts';
import { newResourceInterner } from './resources.ts';

/** A node's state before a trial. */
export interface NodeCheckpoint {
  readonly rows: readonly number[];
  readonly hostPorts: readonly HostPort[];
}

export class Cluster {
  readonly resources = newResourceInterner();
  readonly nodes = new NodeTable(this.resources);
  readonly pods = new PodTable();
  readonly classes: PodClasses;
  readonly images = new Images();
  readonly objects = new ClusterObjects();
  readonly order = new NodeOrder();
  readonly log = new ChangeLog();

  /** @param options how pods' requests are summed up */
  constructor(options: PodResourceOptions = {}) {
    this.classes = new PodClasses((name) => this.nodes.resource(name), options);
  }

  addNode(node: Node): number {
    const row = this.nodes.add(node);
    this.images.addNode(row, node);
    this.order.add(this.nodes, row);
    this.log.append(Change.NodeSetChanged, row, -1);
    return row;
  }

  updateNode(row: number, node: Node): void {
    const old = this.nodes.objects[row]!;
    this.images.removeNode(row, old);
    this.nodes.update(row, node);
    this.images.addNode(row, node);
    this.order.update(this.nodes, row);
    this.log.append(Change.NodeUpdated, row, -1);
  }

  /** Pods that still count on the node lose it (node -1): their deletions are yet to come. */
  removeNode(row: number): void {
    while (this.nodes.firstPod[row] !== -1) this.unbind(this.nodes.firstPod[row]!);
    this.images.removeNode(row, this.nodes.objects[row]!);
    this.order.remove(row);
    this.nodes.remove(row);
    this.log.append(Change.NodeSetChanged, row, -1);
  }

  addPod(cls: PodClass, name: string | Named, uid: string | number): number {
    return this.pods.add(cls.id, name, uid);
  }

  /** Forgets a pod, and takes it off its node first. */
  removePod(pod: number): void {
    if (this.pods.node[pod] !== -1) this.unbind(pod);
    this.pods.release(pod);
  }

  classOf(pod: number): PodClass {
    return this.classes.all[this.pods.cls[pod]!]!;
  }

  /** The pod counts on the node from now on (assumed or bound). */
  bind(pod: number, node: number): void {
    const { pods, nodes } = this;
    assert(pods.node[pod] === -1, `pod ${pods.nameOf(pod)} is on a node already`);
    const cls = this.classOf(pod);
    pods.node[pod] = node;
    const last = nodes.lastPod[node]!;
    pods.previous[pod] = last;
    pods.next[pod] = -1;
    if (last === -1) nodes.firstPod[node] = pod;
    else pods.next[last] = pod;
    nodes.lastPod[node] = pod;
    pods.enlist(pod);
    if (cls.hostPorts.length > 0) nodes.hostPorts[node] = withPorts(nodes.hostPorts[node]!, cls.hostPorts);
    nodes.count(node, cls.requests, cls.nonZeroCpuMilli, cls.nonZeroMemoryBytes, 1);
    this.log.append(
      pods.has(pod, PodFlag.Terminating) ? Change.TerminatingPodAdded : Change.PodAdded,
      node,
      cls.id,
    );
  }

  /** The pod no longer counts on its node. */
  unbind(pod: number): void {
    const { pods, nodes } = this;
    const node = pods.node[pod]!;
    assert(node !== -1, `pod ${pods.nameOf(pod)} is on no node`);
    const cls = this.classOf(pod);
    const previous = pods.previous[pod]!;
    const next = pods.next[pod]!;
    if (previous === -1) nodes.firstPod[node] = next;
    else pods.next[previous] = next;
    if (next === -1) nodes.lastPod[node] = previous;
    else pods.previous[next] = previous;
    pods.node[pod] = -1;
    pods.delist(pod);
    if (cls.hostPorts.length > 0) nodes.hostPorts[node] = withoutPorts(nodes.hostPorts[node]!, cls.hostPorts);
    nodes.count(node, cls.requests, cls.nonZeroCpuMilli, cls.nonZeroMemoryBytes, -1);
    this.log.append(
      pods.has(pod, PodFlag.Terminating) ? Change.TerminatingPodRemoved : Change.PodRemoved,
      node,
      cls.id,
    );
  }

  /** The pods on a node (rows), in order of arrival. */
  podsOn(node: number): number[] {
    const rows: number[] = [];
    for (let pod = this.nodes.firstPod[node]!; pod !== -1; pod = this.pods.next[pod]!) rows.push(pod);
    return rows;
  }

  /** What a trial on a node can disturb although every pod comes back. */
  checkpoint(node: number): NodeCheckpoint {
    return { rows: this.podsOn(node), hostPorts: this.nodes.hostPorts[node]! };
  }

  /** Ends a trial: the node has the pods of the checkpoint again, and gets back their order and its ports. */
  restore(node: number, { rows, hostPorts }: NodeCheckpoint): void {
    const { pods, nodes } = this;
    const isComplete = rows.length === nodes.nPods[node] && rows.every((row) => pods.node[row] === node);
    assert(isComplete, `node ${nodes.names[node]} has other pods than before the trial`);
    for (let i = 0; i < rows.length; i++) {
      pods.previous[rows[i]!] = rows[i - 1] ?? -1;
      pods.next[rows[i]!] = rows[i + 1] ?? -1;
    }
    nodes.firstPod[node] = rows[0] ?? -1;
    nodes.lastPod[node] = rows.at(-1) ?? -1;
    nodes.hostPorts[node] = hostPorts;
  }

  /** The pod got its deletion timestamp; it holds its node's resources until it is gone. */
  setTerminating(pod: number): void {
    if (this.pods.has(pod, PodFlag.Terminating)) return;
    this.pods.flags[pod]! |= PodFlag.Terminating;
    const node = this.pods.node[pod]!;
    if (node !== -1) this.log.append(Change.PodTerminating, node, this.pods.cls[pod]!);
  }

  upsertObject(object: KubeObject): void {
    this.objects.upsert(object);
    this.log.append(Change.ObjectsChanged, -1, -1);
  }

  removeObject(kind: string, namespace: string | undefined, name: string): void {
    this.objects.remove(kind, namespace, name);
    this.log.append(Change.ObjectsChanged, -1, -1);
  }
}
