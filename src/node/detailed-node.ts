// Puts the mechanisms of the detailed model together: the life of pods, images, and what a node reports of itself.

import type { ApiProcess } from '../kube/api.ts';
import type { ContainerImage, Node, ResourceList } from '../kube/types.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Pressure } from './admission.ts';
import { NodeImages } from './images/node-images.ts';
import { Puller } from './images/puller.ts';
import { Transfers } from './images/transfers.ts';
import type { KubeletClients } from './kubelet-clients.ts';
import type { PostedCondition } from './node-edits.ts';
import type { DetailedLifeModel } from './node-model.ts';
import { DOWN, type NodeRows } from './node-rows.ts';
import { NodeStates } from './node-states.ts';
import type { NodeFacts, NodeStatusWriter } from './node-status.ts';
import type { PodRows } from './pod-rows.ts';
import { DetailedLife, type NodeSide } from './pods/detailed-life.ts';
import { LifeContext } from './pods/life-context.ts';
import type { ContainerRun, PodWorker } from './pods/pod-worker.ts';
import type { UsageListener } from './pods/starter.ts';
import { StepTimers } from './pods/step-timers.ts';
import { Syncer } from './pods/syncer.ts';
import { Terminator } from './pods/terminator.ts';

/** A node reports at most so many images (nodeStatusMaxImages, kubelet 1.37). */
const N_IMAGES_REPORTED = 50;

export interface DetailedNodeOptions {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  readonly streams: RandomStreams;
}

export class DetailedNode implements NodeSide, NodeFacts, UsageListener {
  readonly life: DetailedLife;
  readonly states = new NodeStates();
  readonly images: NodeImages;
  readonly #puller: Puller;
  readonly #nodes: NodeRows;
  readonly #imagesChanged = new Set<number>();

  constructor(
    options: DetailedNodeOptions,
    model: DetailedLifeModel,
    nodes: NodeRows,
    rows: PodRows,
    clients: KubeletClients,
    status: NodeStatusWriter,
  ) {
    const { simulation, process, streams } = options;
    this.#nodes = nodes;
    const timers = new StepTimers(simulation);
    const context = new LifeContext(timers, nodes, clients, process.clock, model, streams);
    this.images = new NodeImages(simulation, this.states, { otherBytes: () => 0 }, model.images);
    this.#puller = new Puller(context, this.images, new Transfers(simulation, model.bandwidth), model.pull);
    const terminator = new Terminator(context, (worker) => this.life.over(worker));
    const syncer = new Syncer(context, this.#puller, this, terminator);
    terminator.syncer = syncer;
    this.life = new DetailedLife(context, rows, this.states, syncer, terminator, this);
    this.images.onChanged = (row) => {
      this.#imagesChanged.add(row);
      status.changed(row);
    };
  }

  /** A Node object that the kubelets hear of for the first time, or its new version. */
  heard(row: number, node: Node): void {
    const isNew = this.states.of(row).node === undefined;
    this.states.learn(row, node);
    if (isNew) this.images.preload(row);
  }

  pressure(): Pressure {
    return { hasMemoryPressure: false, hasDiskPressure: false };
  }

  podsChanged({ nodeRow, plan }: PodWorker, change: 1 | -1): void {
    for (const { image } of plan.containers) this.images.use(nodeRow, image, change);
  }

  machineDied(row: number): void {
    this.#puller.drop(row);
  }

  started(_run: ContainerRun): void {}

  ended(_run: ContainerRun): void {}

  pressures(): readonly PostedCondition[] {
    return [];
  }

  notReadyReason(row: number): string {
    return this.#nodes.isDown(row, DOWN.runtime) ? 'KubeletNotReady' : '';
  }

  newImages(row: number): readonly ContainerImage[] | undefined {
    if (!this.#imagesChanged.delete(row)) return undefined;
    return this.images
      .reported(row, N_IMAGES_REPORTED)
      .map(({ name, bytes }) => ({ names: [name], sizeBytes: bytes }));
  }

  newAllocatable(_row: number): ResourceList | undefined {
    return undefined;
  }
}
