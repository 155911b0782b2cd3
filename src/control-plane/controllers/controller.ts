// What the controllers of kube-controller-manager share: its informers, a client and a queue for each controller.
// Source of the limits: pkg/controller/apis/config/v1alpha1/defaults.go, 1.37 (20 requests a second, burst 30, each).

import type { ApiClient, ApiProcess, Informer, PodIndex, PodInformer } from '../../kube/api.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { WallClock } from '../../kube/wall-clock.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';
import { runSteps, type Sync } from '../sync.ts';
import { type WorkQueue, WorkQueues } from '../work-queue.ts';
import { Orphans } from './orphans.ts';

const QPS = 20;
const BURST = 30;

export interface ControllerOptions {
  readonly name: string;
  readonly nWorkers: number;
  readonly backoffBaseUs?: number;
  readonly backoffUsMax?: number;
}

/** The program that the controllers run in. */
export class ControllerHost {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  readonly clock: WallClock;
  readonly queues: WorkQueues;
  readonly pods: PodInformer;
  /** Pods by their controller's uid, and by node name. */
  readonly podsByOwner: PodIndex;
  readonly podsByNode: PodIndex;
  /** Pods without a controller. */
  readonly orphans: Orphans;
  /** Whether these controllers act (another replica leads, or the program is down, if not). */
  isLeading = false;
  readonly #starters: (() => void)[] = [];
  readonly #stoppers: (() => void)[] = [];
  /** Counts starts; passes of an earlier life are void. */
  #life = 0;

  constructor(simulation: Simulation, process: ApiProcess, isInstant: boolean) {
    this.simulation = simulation;
    this.process = process;
    this.clock = process.clock;
    this.queues = new WorkQueues(simulation, isInstant);
    this.pods = process.pods();
    this.podsByOwner = this.pods.index('owner', (pod) => pod.owner?.uid ?? '');
    this.podsByNode = this.pods.index('node', (pod) => pod.nodeName);
    this.orphans = new Orphans(this.pods);
    this.onStop(() => this.orphans.clear());
  }

  get nowUs(): number {
    return this.simulation.nowUs;
  }

  informer<T extends KubeObject>(kind: string): Informer<T> {
    return this.process.informer<T>(kind);
  }

  /** A limiter of its own for each; some controllers get a multiple of the usual one. */
  client(name: string, qps = QPS, burst = BURST): ApiClient {
    return this.process.client({ name, qps, burst });
  }

  /** A queue whose keys are worked on by `sync`. */
  queue(options: ControllerOptions, sync: (key: string) => Sync): WorkQueue {
    const queue: WorkQueue = this.queues.create({
      ...options,
      sync: (key) => runSteps(sync(key), (isOk) => queue.done(key, isOk)),
    });
    return queue;
  }

  /** What a controller does each time that it starts: its timers. */
  onStart(starter: () => void): void {
    this.#starters.push(starter);
  }

  /** How a controller forgets what it remembers beside its informers when the program dies. */
  onStop(stopper: () => void): void {
    this.#stoppers.push(stopper);
  }

  /** A pass that comes at a fixed period from each start on; `name` is its kind of event. */
  every(name: string, periodUs: number, pass: () => void): void {
    const { simulation } = this;
    const kind: EventKind = simulation.defineKind(name, (life) => this.#repeat(life, kind, periodUs, pass), {
      background: true,
    });
    this.onStart(() => simulation.after(periodUs, kind, this.#life));
  }

  #repeat(life: number, kind: EventKind, periodUs: number, pass: () => void): void {
    if (life !== this.#life) return;
    this.simulation.after(periodUs, kind, life);
    pass();
  }

  start(): void {
    this.isLeading = true;
    this.#life++;
    this.queues.open();
    for (const starter of this.#starters) starter();
  }

  /** The program dies: queues and memories are lost. Its informers are told apart (`ApiProcess.stop`). */
  stop(): void {
    this.isLeading = false;
    this.#life++;
    this.queues.close();
    for (const stopper of this.#stoppers) stopper();
  }
}

/** A key as the queues carry it, and back. */
export function keyOfObject(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
