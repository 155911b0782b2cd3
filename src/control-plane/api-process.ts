// A running program as the API server sees it: its clients, and the informers that its parts share.

import { assert } from '../base/assert.ts';
import type {
  ApiProcess,
  ClientOptions,
  Informer,
  LeaseView,
  PodInformer,
  PodWatchOptions,
} from '../kube/api.ts';
import type { KubeObject } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';
import { together } from '../metrics/queue-meter.ts';
import type { QueueLoad } from '../metrics/run-metrics.ts';
import { Client } from './api-client.ts';
import type { ApiServer } from './api-server.ts';
import { levelOf, type PriorityLevel } from './flow-control.ts';
import { ObjectInformer } from './object-informer.ts';
import { PodWatch } from './pod-informer.ts';

/** The cluster's own programs: what they write is valid by construction and not checked again. */
const TRUSTED = new Set(['kube-controller-manager', 'kube-scheduler', 'kubelet', 'csi-provisioner']);

export class Process implements ApiProcess {
  readonly name: string;
  readonly server: ApiServer;
  readonly leases: LeaseView;
  readonly isTrusted: boolean;
  readonly level: PriorityLevel;
  /** The API server that it is connected to; -1 while there is none. */
  connection: number;
  /** Counts starts; what belongs to an earlier life is dropped. */
  life = 0;
  isRunning = true;
  #pods: PodWatch | undefined;
  readonly #informers = new Map<string, ObjectInformer<KubeObject>>();
  readonly #clients: Client[] = [];
  #onSynced: (() => void) | undefined;

  constructor(server: ApiServer, name: string) {
    this.server = server;
    this.name = name;
    this.leases = server.leases;
    this.isTrusted = TRUSTED.has(name);
    this.level = levelOf(name);
    this.connection = server.instances.connect();
  }

  get clock(): WallClock {
    return this.server.clock;
  }

  client(options: ClientOptions): Client {
    const client = new Client(this, options);
    this.#clients.push(client);
    return client;
  }

  /** What its clients' limiters have held back, by name: those of all nodes' kubelets are one. */
  held(nowUs: number): QueueLoad[] {
    const loads = new Map<string, Omit<QueueLoad, 'program' | 'queue'>>();
    for (const client of this.#clients) {
      const load = client.held(nowUs);
      const known = loads.get(client.name);
      if (load) loads.set(client.name, known ? together(known, load) : load);
    }
    return [...loads].map(([name, load]) => ({ program: this.name, queue: `requests of ${name}`, ...load }));
  }

  informer<T extends KubeObject>(kind: string): Informer<T> {
    assert(kind !== 'Pod', 'pods have an informer of their own: pods()');
    let informer = this.#informers.get(kind);
    if (!informer) {
      const { server } = this;
      informer = new ObjectInformer<KubeObject>(kind, server.state.kind(kind), server.delivery);
      this.#informers.set(kind, informer);
      this.#open(informer);
    }
    return informer as unknown as Informer<T>;
  }

  pods(options: PodWatchOptions = {}): PodInformer {
    if (!this.#pods) {
      const { state, delivery } = this.server;
      this.#pods = new PodWatch(state.pods, state.podLog, delivery, options);
      this.#open(this.#pods);
    }
    return this.#pods;
  }

  #open(watch: PodWatch | ObjectInformer<KubeObject>): void {
    if (watch.isSynced) watch.countRequests();
    else if (this.server.isBeforeStart) watch.reconnect(this.server.state.revision);
    else this.server.connections.listLater(watch);
  }

  /** The watches that this process has open. */
  watches(kind?: string): (PodWatch | ObjectInformer<KubeObject>)[] {
    const all = [...this.#informers.values()].filter((informer) => !kind || informer.kind === kind);
    return this.#pods && (!kind || kind === 'Pod') ? [this.#pods, ...all] : all;
  }

  stop(): void {
    this.isRunning = false;
    this.life++;
    this.#onSynced = undefined;
    for (const watch of this.watches()) {
      watch.disconnect();
      watch.forget();
    }
  }

  start(): void {
    this.isRunning = true;
    if (this.connection < 0) this.server.connections.connectLater(this);
    else for (const watch of this.watches()) this.server.connections.listLater(watch);
  }

  /** A standby whose watches have run all along takes the place of the process, which has died. */
  handOver(): void {
    this.life++;
    if (this.connection < 0) this.server.connections.connectLater(this);
    for (const watch of this.watches()) watch.tellAll();
  }

  /** Calls back as soon as every list has arrived, unless the process dies before. */
  whenSynced(callback: () => void): void {
    this.#onSynced = callback;
    this.listed();
  }

  /** A list has arrived. */
  listed(): void {
    const callback = this.#onSynced;
    if (!callback || this.watches().some(({ isSynced }) => !isSynced)) return;
    this.#onSynced = undefined;
    callback();
  }
}
