/**
 * What the scheduler does about the events of its informers: keeps the cache current and moves pods in the queue.
 * Source: kubernetes v1.37.2 pkg/scheduler/eventhandlers.go.
 */
import type { ApiProcess } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { Node } from '../kube/types.ts';
import type { SchedulerObserver } from '../metrics/scheduler-observer.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Nominator } from './framework/nominator.ts';
import { feedObjects, forgetObjects } from './object-feed.ts';
import {
  assignedPodChanges,
  EventKind,
  nodeChanges,
  type Subject,
  targetPodChanges,
} from './queue/cluster-event.ts';
import type { SchedulingQueue } from './queue/scheduling-queue.ts';
import type { SchedulerCache } from './scheduler-cache.ts';

export interface EventHandlersOptions {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  readonly cache: SchedulerCache;
  readonly queue: SchedulingQueue;
  readonly nominator: Nominator;
  readonly observer: SchedulerObserver;
  /** Number of the profile by schedulerName; pods of other schedulers are none of our business. */
  readonly profileOf: ReadonlyMap<string, number>;
  /** The pod goes away: true if its row must be kept because its scheduling cycle runs. */
  readonly holds: (row: number) => boolean;
  /** An assumed pod goes away before it is bound. */
  readonly abandoned: (row: number) => void;
  /** The pod's row is about to be given to another pod. */
  readonly released: (row: number) => void;
  /** After the last of the changes that arrived together. */
  readonly settled: () => void;
}

export class EventHandlers {
  readonly #options: EventHandlersOptions;
  readonly #cache: SchedulerCache;
  readonly #queue: SchedulingQueue;

  constructor(options: EventHandlersOptions) {
    this.#options = options;
    this.#cache = options.cache;
    this.#queue = options.queue;
    this.#watch();
  }

  #watch(): void {
    const { process, settled } = this.#options;
    process.informer<Node>('Node').handle({
      added: (node) => this.#nodeAdded(node),
      modified: (node, old) => this.#nodeModified(node, old),
      deleted: (node) => this.#nodeDeleted(node),
      settled,
    });
    feedObjects(process, this.#cache.cluster, (kind, now, before) => this.move(kind, now, before), settled);
    process.pods({ select: (pod) => !pod.terminal }).handle({
      added: (pod) => this.#podAdded(pod),
      modified: (pod, old) => this.#podModified(pod, old),
      deleted: (pod) => this.#podDeleted(pod),
      settled,
    });
  }

  #nodeAdded(node: Node): void {
    this.#cache.addNode(node);
    this.move(EventKind.NodeAdd, node, undefined);
  }

  #nodeModified(node: Node, old: Node): void {
    const changes = nodeChanges(node, old);
    // Images have no event of their own, but scores see them; a heartbeat changes nothing that the scheduler sees.
    if (changes.length === 0 && node.spec === old.spec && node.status?.images === old.status?.images) return;
    this.#cache.updateNode(node);
    for (const kind of changes) this.move(kind, node, old);
  }

  #nodeDeleted(node: Node): void {
    this.move(EventKind.NodeDelete, undefined, node);
    this.#cache.removeNode(node);
  }

  #podAdded(pod: PodObject): void {
    if (pod.nodeName !== '') this.#assignedPodAdded(pod);
    else this.#enqueue(pod);
  }

  #podModified(pod: PodObject, old: PodObject): void {
    if (old.nodeName !== '') {
      this.#cache.update(this.#cache.rowOf(pod), pod);
      if (!this.#queue.isListening) return;
      for (const kind of assignedPodChanges(pod, old)) this.move(kind, pod, old);
    } else if (pod.nodeName !== '') {
      this.#assignedPodAdded(pod);
    } else {
      const row = this.#cache.rowOf(pod);
      if (row !== -1) this.#pendingPodModified(row, pod, old);
    }
  }

  #podDeleted(pod: PodObject): void {
    const row = this.#cache.rowOf(pod);
    if (row === -1) return;
    if (pod.nodeName !== '') {
      this.#release(row);
      this.move(EventKind.AssignedPodDelete, undefined, pod);
      return;
    }
    this.#options.nominator.remove(pod.uid);
    this.#queue.remove(row);
    const assumedOn = this.#cache.isAssumed(row) ? this.#cache.nodeNames[row]! : '';
    if (assumedOn !== '') this.#options.abandoned(row);
    this.#release(row);
    if (assumedOn !== '') this.assumedPodGone(pod, assumedOn);
    else if (pod.nominatedNodeName !== '') this.#moveUpTo(pod);
  }

  /** A pod that is bound: it may be one that was assumed, one that waits, or one never heard of. */
  #assignedPodAdded(pod: PodObject): void {
    let row = this.#cache.rowOf(pod);
    if (row === -1) row = this.#cache.add(pod);
    else {
      this.#cache.update(row, pod);
      this.#options.nominator.remove(pod.uid);
      this.#queue.remove(row);
    }
    if (this.#cache.nodeNames[row] === pod.nodeName) this.#cache.confirm(row);
    else {
      if (this.#cache.nodeNames[row] !== '') this.#cache.displace(row);
      this.#cache.place(row, pod.nodeName, false);
    }
    this.move(EventKind.AssignedPodAdd, pod, undefined);
  }

  #enqueue(pod: PodObject): void {
    const profile = this.#options.profileOf.get(pod.shape.spec.schedulerName ?? 'default-scheduler');
    if (profile === undefined) return;
    const row = this.#cache.add(pod);
    const cls = this.#cache.cluster.classOf(row);
    this.nominate(row, pod.nominatedNodeName);
    this.#queue.add(row, cls.id, profile, cls.priority, this.#nowUs);
    this.#options.observer.podQueued(pod.identity, this.#nowUs);
  }

  #pendingPodModified(row: number, pod: PodObject, old: PodObject): void {
    this.#cache.update(row, pod);
    if (this.#cache.isAssumed(row)) {
      if (pod.terminating && !old.terminating) {
        const nodeName = this.#cache.nodeNames[row]!;
        this.#cache.displace(row);
        this.assumedPodGone(pod, nodeName);
      }
      return;
    }
    if (!this.#queue.isInFlight(row) && (pod.nominatedNodeName !== '' || old.nominatedNodeName !== '')) {
      this.nominate(row, pod.nominatedNodeName);
    }
    const { id } = this.#cache.cluster.classOf(row);
    this.#queue.update(row, id, targetPodChanges(pod, old), pod, old, this.#nowUs);
    if (old.nominatedNodeName !== '' && old.nominatedNodeName !== pod.nominatedNodeName) this.#moveUpTo(old);
  }

  /** Gives a pod's row back, unless its cycle is still running. */
  #release(row: number): void {
    this.#options.released(row);
    if (!this.#options.holds(row)) this.#cache.remove(row);
  }

  /** Forgets all that the informers have told. */
  clear(): void {
    const { cluster, pods } = this.#cache;
    for (let row = 0; row < pods.length; row++) {
      const pod = pods[row];
      if (!pod) continue;
      this.#options.nominator.remove(pod.uid);
      this.#queue.remove(row);
      this.#cache.remove(row);
    }
    for (const row of cluster.order.walk().slice()) this.#cache.removeNode(cluster.nodes.objects[row]!);
    forgetObjects(cluster);
  }

  /** Something happened in the cluster: moves the pods for which it is worth another attempt. */
  move(kind: EventKind, now: Subject, before: Subject): void {
    if (this.#queue.isListening) this.#queue.moveAll(kind, now, before, this.#nowUs);
  }

  /** A pod that was assumed to be on a node will not come there: the same to others as if it had been deleted. */
  assumedPodGone(pod: PodObject, nodeName: string): void {
    if (!this.#queue.isListening) return;
    const gone = pod.draft();
    gone.nodeName = nodeName;
    this.move(EventKind.AssignedPodDelete, undefined, gone);
  }

  /** A nominated pod left its node: that helps pods of its priority and below. */
  #moveUpTo(pod: PodObject): void {
    const { priority } = this.#cache.classOf(pod);
    this.#queue.moveAll(EventKind.AssignedPodDelete, undefined, pod, this.#nowUs, priority);
  }

  /** Promises the node to the pod; '' takes the promise back. */
  nominate(row: number, nodeName: string): void {
    const { nominator } = this.#options;
    const { uid } = this.#cache.pods[row]!;
    if (nodeName === '') nominator.remove(uid);
    else nominator.add({ row, uid, priority: this.#cache.cluster.classOf(row).priority }, nodeName);
  }

  get #nowUs(): number {
    return this.#options.simulation.nowUs;
  }
}
