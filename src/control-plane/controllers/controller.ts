// What the controllers of kube-controller-manager share: its informers, a client and a queue for each controller.
// Source of the limits: pkg/controller/apis/config/v1alpha1/defaults.go, 1.37 (20 requests a second, burst 30, each).

import type { ApiClient, ApiProcess, Informer, PodIndex, PodInformer } from '../../kube/api.ts';
import type { KubeObject } from '../../kube/types.ts';
import type { WallClock } from '../../kube/wall-clock.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { runSteps, type Sync } from '../sync.ts';
import { type WorkQueue, WorkQueues } from '../work-queue.ts';

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
  /** Whether these controllers act (another replica leads, or the program is down, if not). */
  isLeading = false;
  readonly #own: WorkQueue[] = [];
  readonly #starters: (() => void)[] = [];

  constructor(simulation: Simulation, process: ApiProcess, isInstant: boolean) {
    this.simulation = simulation;
    this.process = process;
    this.clock = process.clock;
    this.queues = new WorkQueues(simulation, isInstant);
    this.pods = process.pods();
    this.podsByOwner = this.pods.index('owner', (pod) => pod.owner?.uid ?? '');
    this.podsByNode = this.pods.index('node', (pod) => pod.nodeName);
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
    this.#own.push(queue);
    return queue;
  }

  /** What a controller does each time that it starts: its timers. */
  onStart(starter: () => void): void {
    this.#starters.push(starter);
  }

  start(): void {
    this.isLeading = true;
    for (const starter of this.#starters) starter();
  }

  /** Keys waiting in each controller's queue. */
  depths(): ReadonlyMap<string, number> {
    return new Map(this.#own.map((queue) => [queue.name, queue.depth]));
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
