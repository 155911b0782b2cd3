// All kubelets of the cluster as one component: nodes and pods are rows, and every request goes through the client of
// its node. Hears of nodes and of bound pods by its own watch; a Node object that appears gets a kubelet.
// Deviation: a Node object that is deleted takes its kubelet with it.

import { parseDurationUs } from '../base/duration.ts';
import { compareStrings } from '../base/orders.ts';
import type { ApiProcess, PodInformer } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import { matchesLabelSelector } from '../kube/selector.ts';
import type { LabelSelector, Node } from '../kube/types.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { DetailedNode } from './detailed-node.ts';
import { Heartbeats } from './heartbeats.ts';
import { KubeletClients } from './kubelet-clients.ts';
import { isReadyNode } from './node-edits.ts';
import type { NodeModel } from './node-model.ts';
import { DOWN, NodeRows } from './node-rows.ts';
import { NodeStatusWriter } from './node-status.ts';
import type { PodLife } from './pod-life.ts';
import { PodRows } from './pod-rows.ts';
import { SimpleLife } from './simple-life.ts';

/** How long a new node's machine and kubelet take to become Ready, as a Go duration; without it no time. */
export const READY_AFTER_ANNOTATION = 'wavetank.io/ready-after';

export interface KubeletsOptions {
  readonly simulation: Simulation;
  /** A process of their own: its informers are opened here. */
  readonly process: ApiProcess;
  readonly streams: RandomStreams;
  readonly model: NodeModel;
}

export class Kubelets {
  readonly #simulation: Simulation;
  readonly #nodes = new NodeRows();
  readonly #rows = new PodRows(this.#nodes);
  readonly #heartbeats: Heartbeats;
  readonly #life: PodLife;
  /** Where the detailed model is used. */
  readonly #detailed: DetailedNode | undefined;
  readonly #pods: PodInformer;
  readonly #bootKind: EventKind;

  constructor(options: KubeletsOptions) {
    const { simulation, process, streams, model } = options;
    this.#simulation = simulation;
    const clients = new KubeletClients(process, model.client);
    const status = new NodeStatusWriter(simulation, process, this.#nodes);
    this.#heartbeats = new Heartbeats(options, this.#nodes, status);
    if (model.life.kind === 'simple') {
      this.#life = new SimpleLife(simulation, this.#nodes, this.#rows, clients, model.life, streams);
    } else {
      this.#detailed = new DetailedNode(options, model.life, this.#nodes, this.#rows, clients, status);
      this.#life = this.#detailed.life;
      status.facts = this.#detailed;
    }
    this.#bootKind = simulation.defineKind('node/boot', (row, life) => this.#boot(row, life));
    process.informer<Node>('Node').handle({
      added: (node) => this.#appeared(node),
      modified: (node) => this.#detailed?.heard(this.#nodes.rowOf(node.metadata.name!), node),
      deleted: (node) => this.#vanished(node),
    });
    this.#pods = process.pods({ select: (pod) => pod.nodeName !== '' });
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

  /** Back again: it looks after its pods at once and after its node when the heartbeat model says. */
  startKubelet(nodeName: string): void {
    const row = this.#nodes.rowOf(nodeName);
    if (!this.#nodes.isDown(row, DOWN.kubelet)) return;
    this.#nodes.clearDown(row, DOWN.kubelet);
    if (!this.#nodes.acts(row)) return;
    this.#heartbeats.resume(row);
    this.#life.resume(row);
  }

  /** The first `count` running pods by name that match and are not being deleted fail (0: all of them). */
  failPods(selector: LabelSelector, count: number): void {
    for (const pod of this.#choose(selector, count)) this.#life.finish(pod, 1);
  }

  /** The same, but they succeed. */
  completePods(selector: LabelSelector, count: number): void {
    for (const pod of this.#choose(selector, count)) this.#life.finish(pod, 0);
  }

  /** The same, but they only cease to be Ready. */
  unreadyPods(selector: LabelSelector, count: number): void {
    for (const pod of this.#choose(selector, count)) this.#life.setReady(pod, false);
  }

  #choose(selector: LabelSelector, count: number): PodObject[] {
    const chosen: PodObject[] = [];
    this.#pods.forEach((pod) => {
      const isRunning = pod.phase === 'Running' && pod.deletionUs === undefined;
      if (isRunning && matchesLabelSelector(selector, pod.shape.labels)) chosen.push(pod);
    });
    chosen.sort((a, b) => compareStrings(a.name, b.name) || a.uid - b.uid);
    return count > 0 ? chosen.slice(0, count) : chosen;
  }

  #appeared(node: Node): void {
    const row = this.#nodes.rowOf(node.metadata.name!);
    this.#detailed?.heard(row, node);
    if (isReadyNode(node)) {
      this.#join(row, false);
      return;
    }
    const afterUs = parseDurationUs(node.metadata.annotations?.[READY_AFTER_ANNOTATION] ?? 0);
    if (afterUs === 0) this.#join(row, true);
    else this.#simulation.after(afterUs, this.#bootKind, row, this.#nodes.lives.data[row]!);
  }

  #boot(row: number, life: number): void {
    if (life === this.#nodes.lives.data[row]) this.#join(row, true);
  }

  #join(row: number, isNew: boolean): void {
    this.#nodes.clearDown(row, DOWN.absent);
    if (!this.#nodes.acts(row)) return;
    this.#heartbeats.begin(row, isNew);
    this.#life.resume(row);
  }

  #vanished(node: Node): void {
    const row = this.#nodes.rowOf(node.metadata.name!);
    this.#life.machineDied(row);
    this.#nodes.lives.data[row]!++;
    this.#nodes.down.data[row] = DOWN.absent;
    this.#heartbeats.stop(row);
  }

  #podAdded(pod: PodObject): void {
    const row = this.#nodes.rowOf(pod.nodeName);
    this.#rows.add(pod, row);
    if (this.#nodes.acts(row)) this.#life.heard(pod);
  }

  #podModified(pod: PodObject): void {
    const { slot } = pod.identity;
    this.#rows.pods[slot] = pod;
    if (this.#nodes.acts(this.#rows.nodeRows.data[slot]!)) this.#life.heard(pod);
  }

  #podDeleted(pod: PodObject): void {
    this.#life.forget(pod);
    this.#rows.remove(pod.slot);
  }
}
