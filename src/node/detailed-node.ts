// Puts the mechanisms of the detailed model together: the life of pods, images and disk, memory and CPU, eviction, graceful
// shutdown, and what a node reports of itself.

import type { ApiProcess } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { ContainerImage, Node } from '../kube/types.ts';
import { NO_NODE_OBSERVER, type NodeObserver } from '../metrics/node-observer.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Pressure } from './admission.ts';
import { NodeImages } from './images/node-images.ts';
import { Puller } from './images/puller.ts';
import { Transfers } from './images/transfers.ts';
import type { KubeletClients } from './kubelet-clients.ts';
import type { PostedCondition } from './node-edits.ts';
import type { DetailedLifeModel } from './node-model.ts';
import type { NodeRows } from './node-rows.ts';
import { NodeStates } from './node-states.ts';
import type { NodeFacts, NodeStatusWriter } from './node-status.ts';
import type { PodRows } from './pod-rows.ts';
import { DetailedLife, type NodeSide } from './pods/detailed-life.ts';
import { LifeContext } from './pods/life-context.ts';
import { type ContainerRun, type Ending, type PodWorker, STATE } from './pods/pod-worker.ts';
import type { UsageListener } from './pods/starter.ts';
import { StepTimers } from './pods/step-timers.ts';
import { Syncer } from './pods/syncer.ts';
import { Terminator } from './pods/terminator.ts';
import { EvictionManager, type Evictor } from './pressure/eviction-manager.ts';
import { NodeMemory } from './pressure/node-memory.ts';
import { GracefulShutdown } from './shutdown.ts';
import { memoryBytes, storageBytes } from './usage/container-usage.ts';
import { NodeCpu } from './usage/node-cpu.ts';

/** A node reports at most so many images (nodeStatusMaxImages, kubelet 1.37). */
const N_IMAGES_REPORTED = 50;

/** What the containers of a pod use together. */
export interface Usage {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

export interface DetailedNodeOptions {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  readonly streams: RandomStreams;
  /** Default: nobody. */
  readonly observer?: NodeObserver;
}

export class DetailedNode implements NodeSide, NodeFacts, UsageListener, Evictor {
  readonly life: DetailedLife;
  readonly states = new NodeStates();
  readonly images: NodeImages;
  /** A graceful shutdown has come to its end: the machine stops. */
  onShutDown: (row: number) => void = () => {};
  readonly #simulation: Simulation;
  readonly #puller: Puller;
  readonly #syncer: Syncer;
  readonly #cpu: NodeCpu;
  readonly #eviction: EvictionManager;
  readonly #shutdown: GracefulShutdown;
  readonly #status: NodeStatusWriter;
  readonly #nodes: NodeRows;
  readonly #memory: NodeMemory;
  readonly #observer: NodeObserver;
  readonly #imagesChanged = new Set<number>();
  /** Bytes on the disk that are neither images nor containers, by row. */
  readonly #filledBytes = new Map<number, number>();
  /** Do any containers use other than what they request? */
  readonly #hasCurves: boolean;

  constructor(
    options: DetailedNodeOptions,
    model: DetailedLifeModel,
    nodes: NodeRows,
    rows: PodRows,
    clients: KubeletClients,
    status: NodeStatusWriter,
  ) {
    const { simulation, process, streams, observer = NO_NODE_OBSERVER } = options;
    this.#nodes = nodes;
    this.#observer = observer;
    this.#simulation = simulation;
    this.#status = status;
    this.#hasCurves = model.apps.some(({ memory, storage }) => memory || storage);
    const context = new LifeContext(
      new StepTimers(simulation),
      nodes,
      clients,
      process.clock,
      model,
      streams,
    );
    this.images = new NodeImages(simulation, this.states, this, model.images);
    this.images.onChanged = (row) => this.#imagesHaveChanged(row);
    const transfers = new Transfers(simulation, model.bandwidth);
    this.#puller = new Puller(context, this.images, transfers, model.pull, observer);
    const terminator = new Terminator(context, (worker) => this.life.over(worker));
    this.#syncer = new Syncer(context, this.#puller, this, terminator);
    terminator.syncer = this.#syncer;
    this.life = new DetailedLife(context, rows, this.states, this.#syncer, terminator, this);
    this.#cpu = new NodeCpu(simulation, this.states, this.#syncer.starter);
    const hardMemory = model.eviction.thresholds.find(
      ({ signal, graceUs }) => signal === 'memory.available' && graceUs === 0,
    );
    this.#memory = new NodeMemory(this.states, hardMemory?.bytes ?? 0);
    this.#eviction = new EvictionManager(
      simulation,
      nodes,
      this.states,
      this.#memory,
      this.images,
      model.eviction,
      this,
    );
    this.#shutdown = new GracefulShutdown(simulation, nodes, this.states, model.shutdownGroups, {
      end: (worker, ending) => this.end(worker, ending),
      shutDown: (row) => this.onShutDown(row),
    });
  }

  /** A Node object that the kubelets hear of for the first time, or its new version. */
  heard(row: number, node: Node): void {
    const isNew = this.states.of(row).node === undefined;
    this.states.learn(row, node);
    if (isNew) this.images.preload(row);
  }

  /** The Node object is gone, and its machine with everything on it. */
  vanished(row: number): void {
    this.states.forget(row);
    this.images.forget(row);
    this.#filledBytes.delete(row);
  }

  resizeDisk(row: number, bytes: number): void {
    this.images.resizeDisk(row, bytes);
    this.#eviction.changed(row);
  }

  fillDisk(row: number, usedRatio: number): void {
    const othersBytes = this.images.usedBytes(row) - (this.#filledBytes.get(row) ?? 0);
    this.#filledBytes.set(row, Math.max(0, usedRatio * this.images.diskBytes(row) - othersBytes));
    this.images.diskChanged(row);
    this.#eviction.changed(row);
  }

  shutDown(row: number): void {
    this.#shutdown.begin(row);
    this.#status.reportAt(row, this.#simulation.nowUs);
  }

  usageOf(pod: PodObject): Usage | undefined {
    const worker = this.life.workerOf(pod);
    if (!worker) return undefined;
    const { nowUs } = this.#simulation;
    let cpuMilli = 0;
    let bytes = 0;
    for (const [run, milli] of this.#cpu.grants(worker.nodeRow)) {
      if (run.worker !== worker) continue;
      cpuMilli += milli;
      bytes += memoryBytes(run, nowUs);
    }
    return { cpuMilli, memoryBytes: bytes };
  }

  otherBytes(row: number): number {
    let bytes = this.#filledBytes.get(row) ?? 0;
    if (!this.#hasCurves) return bytes;
    const { nowUs } = this.#simulation;
    for (const worker of this.states.of(row).workers) {
      for (const run of worker.runs) if (run.state === STATE.running) bytes += storageBytes(run, nowUs);
    }
    return bytes;
  }

  pressure(row: number): Pressure {
    return {
      hasMemoryPressure: this.#eviction.hasPressure(row, 'memory'),
      hasDiskPressure: this.#eviction.hasPressure(row, 'disk'),
    };
  }

  podsChanged(worker: PodWorker, change: 1 | -1): void {
    for (const { image } of worker.plan.containers) this.images.use(worker.nodeRow, image, change);
    if (change < 0) this.#shutdown.podOver(worker);
  }

  adopted({ plan, nodeRow }: PodWorker): void {
    for (const { image } of plan.containers) {
      if (image !== '') this.images.add(nodeRow, this.images.catalog.of(image));
    }
  }

  machineDied(row: number): void {
    this.#puller.drop(row);
    this.states.of(row).isShuttingDown = false;
  }

  resumed(row: number): void {
    this.#eviction.changed(row);
  }

  started(run: ContainerRun): void {
    this.#cpu.started(run);
    this.#usageChanged(run.worker.nodeRow);
  }

  ended(run: ContainerRun): void {
    this.#cpu.ended(run);
    this.#usageChanged(run.worker.nodeRow);
  }

  end(worker: PodWorker, ending: Ending): void {
    this.life.end(worker, ending);
  }

  oomKill(run: ContainerRun): void {
    this.#syncer.starter.oomKill(run);
  }

  conditionsChanged(row: number): void {
    this.#status.changed(row);
  }

  pressures(row: number): readonly PostedCondition[] {
    const { hasMemoryPressure, hasDiskPressure } = this.pressure(row);
    return [
      ...(hasMemoryPressure ? ['MemoryPressure' as const] : []),
      ...(hasDiskPressure ? ['DiskPressure' as const] : []),
    ];
  }

  isShuttingDown(row: number): boolean {
    return this.states.of(row).isShuttingDown;
  }

  newImages(row: number): readonly ContainerImage[] | undefined {
    if (!this.#imagesChanged.delete(row)) return undefined;
    return this.images
      .reported(row, N_IMAGES_REPORTED)
      .map(({ name, bytes }) => ({ names: [name], sizeBytes: bytes }));
  }

  imagesLost(row: number): void {
    this.#imagesChanged.add(row);
  }

  #usageChanged(row: number): void {
    if (this.#hasCurves) this.#eviction.changed(row);
    if (this.#observer === NO_NODE_OBSERVER) return;
    const { nowUs } = this.#simulation;
    let cpuMilli = 0;
    for (const [, milli] of this.#cpu.grants(row)) cpuMilli += milli;
    this.#observer.nodeUses(this.#nodes.name(row), cpuMilli, this.#memory.usedBytes(row, nowUs), nowUs);
  }

  #imagesHaveChanged(row: number): void {
    this.#imagesChanged.add(row);
    this.#status.changed(row);
    this.#eviction.changed(row);
  }
}
