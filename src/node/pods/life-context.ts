// What the mechanisms of the detailed life share: the clock, the nodes, the figures, the draws, and the pen.

import type { Reply } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { WallClock } from '../../kube/wall-clock.ts';
import { quantileFunction } from '../../sim/distributions.ts';
import type { RandomStreams } from '../../sim/random-streams.ts';
import { type KubeletClients, RETRY_US } from '../kubelet-clients.ts';
import type { DetailedLifeModel } from '../node-model.ts';
import type { NodeRows } from '../node-rows.ts';
import { DOWN } from '../node-rows.ts';
import { PerPodDraws, PodDelay } from '../per-pod-draws.ts';
import { isSameStatus, statusOf, withStatus } from './pod-status.ts';
import type { ContainerRun, PodWorker } from './pod-worker.ts';
import { tickAtOrAfter } from './probe-walk.ts';
import { DUE, type StepTimers } from './step-timers.ts';

/** What a draw is for; each container and each of its starts has draws of its own. */
export const DRAW = {
  startup: 1,
  run: 2,
  crash: 3,
  hang: 4,
  shutdown: 5,
  preStop: 6,
  postStart: 7,
  usageFactor: 8,
  resync: 9,
  probePhase: 10,
  pull: 11,
} as const;

const NOT_FOUND = 404;

type DrawPurpose = (typeof DRAW)[keyof typeof DRAW];

export class LifeContext {
  readonly timers: StepTimers;
  readonly nodes: NodeRows;
  readonly clients: KubeletClients;
  readonly clock: WallClock;
  readonly model: DetailedLifeModel;
  readonly volumes: PodDelay;
  readonly sandbox: PodDelay;
  readonly create: PodDelay;
  readonly cleanup: PodDelay;
  readonly defaultRunInit: (u: number) => number;
  readonly defaultRun: ((u: number) => number) | undefined;
  readonly #draws: PerPodDraws;

  constructor(
    timers: StepTimers,
    nodes: NodeRows,
    clients: KubeletClients,
    clock: WallClock,
    model: DetailedLifeModel,
    streams: RandomStreams,
  ) {
    this.timers = timers;
    this.nodes = nodes;
    this.clients = clients;
    this.clock = clock;
    this.model = model;
    this.volumes = new PodDelay(model.volumes, streams.open('node/volumes'));
    this.sandbox = new PodDelay(model.sandbox, streams.open('node/sandbox'));
    this.create = new PodDelay(model.create, streams.open('node/create'));
    this.cleanup = new PodDelay(model.cleanup, streams.open('node/cleanup'));
    this.defaultRunInit = quantileFunction(model.runInit);
    this.defaultRun = model.run && quantileFunction(model.run);
    this.#draws = new PerPodDraws(streams.open('node/apps'));
    timers.on(DUE.publish, (worker: PodWorker) => this.publish(worker));
  }

  get nowUs(): number {
    return this.timers.nowUs;
  }

  /** May the kubelet of this pod act, and does its runtime answer? */
  canAct(nodeRow: number): boolean {
    return this.nodes.acts(nodeRow) && !this.nodes.isDown(nodeRow, DOWN.runtime);
  }

  /** Uniform in [0, 1) for one purpose, container and start. */
  draw(worker: PodWorker, purpose: DrawPurpose, index = 0, attempt = 0): number {
    return this.#draws.uniform(worker.pod.uid, (purpose << 24) ^ (index << 16) ^ attempt);
  }

  /** A time in whole microseconds drawn from an app's distribution for this start of a container. */
  drawUs(
    run: ContainerRun,
    purpose: DrawPurpose,
    quantile: ((u: number) => number) | undefined,
  ): number | undefined {
    if (!quantile) return undefined;
    const u = this.draw(run.worker, purpose, run.plan.index, run.nStarts);
    return Math.max(0, Math.round(quantile(u)));
  }

  /** The first instant at or after `atUs` at which one of the node's periodic loops runs. */
  loopUs(nodeRow: number, periodUs: number, atUs: number): number {
    if (periodUs === 0 || atUs === Infinity) return atUs;
    return tickAtOrAfter(this.nodes.tickUs.data[nodeRow]!, periodUs, atUs);
  }

  /** Writes an Event about the pod. */
  event(worker: PodWorker, type: 'Normal' | 'Warning', reason: string): void {
    if (!this.model.recordsEvents || worker.isDetached || !this.nodes.acts(worker.nodeRow)) return;
    this.clients.recorder(worker.nodeRow).recordEvent(worker.pod, type, reason);
  }

  /** What did not arrive is written again, as it is then. */
  readonly #onReply: Reply<PodObject, PodWorker> = (error, _pod, worker) => {
    if (error === undefined || error.code === NOT_FOUND) return;
    worker.published = undefined;
    this.timers.at(this.nowUs + RETRY_US, DUE.publish, worker, 0);
  };

  /** Writes the pod's status if it says something new. */
  publish(worker: PodWorker): void {
    if (worker.isDetached || !this.nodes.acts(worker.nodeRow)) return;
    const fields = statusOf(worker, this.clock);
    if (isSameStatus(fields, worker.published)) return;
    worker.published = fields;
    this.clients.of(worker.nodeRow).patchPodStatus(worker.pod, withStatus, fields, this.#onReply, worker);
  }
}
