// All kubelets of the cluster as one component: nodes and pods are rows, and every request goes through the client of
// its node. Hears of nodes and of bound pods by its own watch; a Node object that appears gets a kubelet.
// Deviation: a Node object that is deleted takes its kubelet with it.

import { parseDurationUs } from '../base/duration.ts';
import { compareStrings } from '../base/orders.ts';
import type { ApiProcess, PodInformer } from '../kube/api.ts';
import { READY_AFTER_ANNOTATION } from '../kube/node-names.ts';
import type { PodObject } from '../kube/pod-object.ts';
import { matchesLabelSelector } from '../kube/selector.ts';
import type { LabelSelector, Node } from '../kube/types.ts';
import type { NodeObserver } from '../metrics/node-observer.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { allocatableOf } from './allocatable.ts';
import { DetailedNode, type Usage } from './detailed-node.ts';
import { Failures } from './faults/failures.ts';
import { Heartbeats } from './heartbeats.ts';
import { KubeletClients, RETRY_US } from './kubelet-clients.ts';
import { isLostNode, isReadyNode } from './node-edits.ts';
import type { NodeModel } from './node-model.ts';
import { DOWN, NodeRows } from './node-rows.ts';
import { NodeStatusWriter } from './node-status.ts';
import type { PodLife } from './pod-life.ts';
import { PodRows } from './pod-rows.ts';
import { RuntimeHealth } from './runtime-health.ts';
import { SimpleLife } from './simple-life.ts';

export interface KubeletsOptions {
  readonly simulation: Simulation;
  /** A process of their own: its informers are opened here. */
  readonly process: ApiProcess;
  readonly streams: RandomStreams;
  readonly model: NodeModel;
  readonly observer?: NodeObserver;
}

export class Kubelets {
  readonly #simulation: Simulation;
  readonly #model: NodeModel;
  readonly #nodes = new NodeRows();
  readonly #rows = new PodRows(this.#nodes);
  readonly #heartbeats: Heartbeats;
  readonly #life: PodLife;
  /** Where the detailed model is used. */
  readonly #detailed: DetailedNode | undefined;
  readonly #pods: PodInformer;
  readonly #bootKind: EventKind;
  readonly #againKind: EventKind;
  readonly #runtimes = new RuntimeHealth();
  readonly #status: NodeStatusWriter;
  readonly #failures: Failures;

  constructor(options: KubeletsOptions) {
    const { simulation, process, streams, model } = options;
    this.#simulation = simulation;
    this.#model = model;
    const retryUs = model.life.kind === 'simple' ? RETRY_US : undefined;
    const clients = new KubeletClients(process, model.client, retryUs);
    this.#status = new NodeStatusWriter(simulation, process, this.#nodes, this.#runtimes);
    this.#heartbeats = new Heartbeats(options, this.#nodes, this.#status);
    if (model.life.kind === 'simple') {
      this.#life = new SimpleLife(simulation, this.#nodes, this.#rows, clients, model.life, streams);
    } else {
      this.#detailed = new DetailedNode(options, model.life, this.#nodes, this.#rows, clients, this.#status);
      this.#detailed.onShutDown = (row) => this.failNode(this.#nodes.name(row));
      this.#life = this.#detailed.life;
      this.#status.facts = this.#detailed;
    }
    this.#againKind = simulation.defineKind('node/again', (row, what) => this.#goOn(row, what));
    this.#bootKind = simulation.defineKind('node/boot', (row, life) => this.#boot(row, life));
    this.#failures = new Failures(simulation, streams, model.failures, {
      fail: (name, what) => (what === 'machine' ? this.failNode(name) : this.stopKubelet(name)),
      repair: (name, what) => (what === 'machine' ? this.repairNode(name) : this.startKubelet(name)),
    });
    process.informer<Node>('Node').handle({
      added: (node) => this.#appeared(node),
      modified: (node) => this.#detailed?.heard(this.#nodes.rowOf(node.metadata.name!), node),
      deleted: (node) => this.#vanished(node),
    });
    this.#pods = process.pods({ select: (pod) => pod.nodeName !== '' });
    this.#rows.informer = this.#pods;
    this.#pods.handle({
      added: (pod) => this.#podAdded(pod),
      modified: (pod) => this.#podModified(pod),
      deleted: (pod) => this.#podDeleted(pod),
    });
  }

  /** No heartbeats and no pod changes from this node any more; its containers go on. */
  stopKubelet(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    this.#nodes.setDown(row, DOWN.kubelet);
    this.#heartbeats.stop(row);
    this.#life.paused(row);
  }

  /** Back again: it looks after its pods and its node at once or when the heartbeat model says. */
  startKubelet(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (this.#nodes.isDown(row, DOWN.kubelet)) this.#startAgain(row, DOWN.kubelet);
  }

  /** Nothing can be started or stopped there; what runs goes on. The node ceases to be Ready after a while. */
  stopRuntime(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (this.#nodes.isDown(row, DOWN.runtime)) return;
    this.#nodes.setDown(row, DOWN.runtime);
    this.#life.paused(row);
    const { nowUs } = this.#simulation;
    this.#status.changedAt(row, this.#runtimes.stopped(row, this.#nodes.tickUs.data[row]!, nowUs));
  }

  startRuntime(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (!this.#nodes.isDown(row, DOWN.runtime)) return;
    this.#nodes.clearDown(row, DOWN.runtime);
    const { nowUs } = this.#simulation;
    this.#status.changedAt(row, this.#runtimes.started(row, this.#nodes.tickUs.data[row]!, nowUs));
    if (this.#nodes.acts(row)) this.#life.resume(row);
  }

  /** The machine stops: kubelet, runtime and containers. */
  failNode(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (this.#nodes.isDown(row, DOWN.machine)) return;
    this.#nodes.setDown(row, DOWN.machine);
    this.#heartbeats.stop(row);
    this.#life.machineDied(row);
  }

  /** The machine is back, with its images and without any container. */
  repairNode(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (!this.#nodes.isDown(row, DOWN.machine)) return;
    this.#nodes.clearDown(row, DOWN.runtime);
    this.#runtimes.started(row, 0, 0);
    this.#startAgain(row, DOWN.machine | DOWN.kubelet);
  }

  /** Removes the images that no pod of the node uses. */
  pruneImages(nodeName: string): void {
    this.#detailed?.images.prune(this.#nodes.rowOf(nodeName));
  }

  /** Changes the size of the disk that holds images and containers. */
  resizeImageStore(nodeName: string, bytes: number): void {
    this.#detailed?.resizeDisk(this.#nodes.rowOf(nodeName), bytes);
  }

  /** Something fills the disk until this share of it is in use. */
  fillDisk(nodeName: string, usedRatio: number): void {
    this.#detailed?.fillDisk(this.#nodes.rowOf(nodeName), usedRatio);
  }

  /** The pods end in groups by priority, as far as the node is given time for it; then the machine stops. */
  shutDownNode(nodeName: string): void {
    if (this.#detailed) this.#detailed.shutDown(this.#nodes.rowOf(nodeName));
    else this.failNode(nodeName);
  }

  /** What the containers of a pod use now; undefined where that is not modelled or nothing runs. */
  usageOf(pod: PodObject): Usage | undefined {
    return this.#detailed?.usageOf(pod);
  }

  /**
   * The containers of the first `count` running pods by name that match and are not being deleted end with an error (0: of
   * all of them), in one namespace or in all (''). What comes next is up to the pod's restartPolicy; in the simple life the
   * pod fails.
   */
  failPods(selector: LabelSelector, count = 0, namespace = ''): void {
    for (const pod of this.#choose(selector, count, namespace)) this.#life.finish(pod, 1);
  }

  /** The same, but they succeed. */
  completePods(selector: LabelSelector, count = 0, namespace = ''): void {
    for (const pod of this.#choose(selector, count, namespace)) this.#life.finish(pod, 0);
  }

  /** The same, but they only cease to be Ready. */
  unreadyPods(selector: LabelSelector, count = 0, namespace = ''): void {
    for (const pod of this.#choose(selector, count, namespace)) this.#life.setReady(pod, false);
  }

  #choose(selector: LabelSelector, count: number, namespace: string): PodObject[] {
    const chosen: PodObject[] = [];
    this.#pods.forEach((pod) => {
      const isRunning = pod.phase === 'Running' && pod.deletionUs === undefined;
      const isHere = namespace === '' || pod.namespace === namespace;
      if (isRunning && isHere && matchesLabelSelector(selector, pod.shape.labels)) chosen.push(pod);
    });
    chosen.sort((a, b) => compareStrings(a.name, b.name) || a.uid - b.uid);
    return count > 0 ? chosen.slice(0, count) : chosen;
  }

  #appeared(node: Node): void {
    const row = this.#nodes.rowOf(node.metadata.name!);
    this.#detailed?.heard(row, node);
    this.#failures.nodeJoined(node.metadata.name!, node.metadata.labels ?? {});
    if (isReadyNode(node)) this.#join(row, false);
    else if (isLostNode(node)) this.#lost(row);
    else this.#bootLater(row, node);
    const { capacity, allocatable } = node.status ?? {};
    const { reserved, thresholds } = this.#model;
    if (capacity && !allocatable) this.#status.offer(row, allocatableOf(capacity, reserved, thresholds));
  }

  /** Its kubelet stopped before the node came here; it can be started. */
  #lost(row: number): void {
    this.#join(row, false);
    this.#nodes.setDown(row, DOWN.kubelet);
    this.#heartbeats.stop(row);
  }

  #bootLater(row: number, node: Node): void {
    const afterUs = parseDurationUs(node.metadata.annotations?.[READY_AFTER_ANNOTATION] ?? 0);
    if (afterUs === 0) this.#join(row, true);
    else this.#simulation.after(afterUs, this.#bootKind, row, this.#nodes.lives.data[row]!);
  }

  #boot(row: number, life: number): void {
    if (life === this.#nodes.lives.data[row]) this.#join(row, true);
  }

  /** What is down comes back after the time that a kubelet takes to start. */
  #startAgain(row: number, what: number): void {
    const { restartUs } = this.#heartbeats.model;
    if (restartUs === undefined || restartUs === 0) this.#goOn(row, what);
    else this.#simulation.after(restartUs, this.#againKind, row, what);
  }

  #goOn(row: number, what: number): void {
    this.#nodes.clearDown(row, what);
    if (!this.#nodes.acts(row)) return;
    this.#heartbeats.resume(row);
    this.#life.resume(row);
  }

  #join(row: number, isNew: boolean): void {
    this.#nodes.clearDown(row, DOWN.absent);
    if (!this.#nodes.acts(row)) return;
    this.#heartbeats.begin(row, isNew);
    this.#life.resume(row);
  }

  #vanished(node: Node): void {
    if (this.#model.outlivesNode) return;
    const row = this.#nodes.rowOf(node.metadata.name!);
    this.#failures.nodeLeft(node.metadata.name!);
    this.#life.machineDied(row);
    this.#detailed?.vanished(row);
    this.#nodes.lives.data[row]!++;
    this.#nodes.down.data[row] = DOWN.absent;
    this.#heartbeats.stop(row);
  }

  #podAdded(pod: PodObject): void {
    const row = this.#nodes.rowOfPod(pod);
    this.#rows.add(pod, row);
    if (this.#nodes.acts(row)) this.#life.heard(pod);
  }

  #podModified(pod: PodObject): void {
    const { slot } = pod.identity;
    if (this.#nodes.acts(this.#rows.nodeRows.data[slot]!)) this.#life.heard(pod);
  }

  #podDeleted(pod: PodObject): void {
    this.#life.forget(pod);
    this.#rows.remove(pod.slot);
  }
}
