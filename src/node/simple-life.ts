// The life of a pod by four delays: bound, then Running, then Ready, then perhaps finished; and gone some time after its
// deletion was asked for. What happens in between (images, containers, probes) is not modelled, so a pod costs a
// handful of events that carry two numbers. With a few switches this is also the stand-in kubelet with which timelines
// of a real control plane were recorded.
// Deviations from a kubelet: the grace period plays no part, nothing is restarted, a node never refuses a pod.

import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { KubeletClients } from './kubelet-clients.ts';
import type { SimpleLifeModel } from './node-model.ts';
import { DOWN, type NodeRows } from './node-rows.ts';
import { PodDelay } from './per-pod-draws.ts';
import { finishedAgain, nowFinished, nowReady, nowRunning } from './pod-edits.ts';
import type { PodLife } from './pod-life.ts';
import { type PodRows, STAGE } from './pod-rows.ts';

const FORCE = { graceSeconds: 0 } as const;
const EXIT_KILLED = 137;

/** What is worked out once for all pods of a shape. */
interface ShapeFacts {
  readonly isNeverReady: boolean;
  /** Does it finish after the model's run time where it has none of its own? */
  readonly finishes: boolean;
}

export class SimpleLife implements PodLife {
  readonly #simulation: Simulation;
  readonly #nodes: NodeRows;
  readonly #rows: PodRows;
  readonly #clients: KubeletClients;
  readonly #model: SimpleLifeModel;
  readonly #start: PodDelay;
  readonly #ready: PodDelay;
  readonly #terminate: PodDelay;
  readonly #run: PodDelay | undefined;
  readonly #startKind: EventKind;
  readonly #readyKind: EventKind;
  readonly #finishKind: EventKind;
  readonly #goneKind: EventKind;
  readonly #facts = new Map<PodShape, ShapeFacts>();
  /** Pods of an app that are still to fail. */
  readonly #nToFail: Map<string, number>;
  /** By uid, the app of pods that a stand-in counts at their end even if they are deleted before. */
  readonly #counted = new Map<number, string>();

  constructor(
    simulation: Simulation,
    nodes: NodeRows,
    rows: PodRows,
    clients: KubeletClients,
    model: SimpleLifeModel,
    streams: RandomStreams,
  ) {
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#rows = rows;
    this.#clients = clients;
    this.#model = model;
    this.#start = new PodDelay(model.start, streams.open('node/start'));
    this.#ready = new PodDelay(model.ready, streams.open('node/ready'));
    this.#terminate = new PodDelay(model.terminate, streams.open('node/terminate'));
    this.#run = model.run && new PodDelay(model.run, streams.open('node/run'));
    this.#nToFail = new Map(Object.entries(model.nToFail));
    this.#startKind = simulation.defineKind('node/start', (slot, uid) => this.#started(slot, uid));
    this.#readyKind = simulation.defineKind('node/ready', (slot, uid) => this.#becomesReady(slot, uid));
    this.#finishKind = simulation.defineKind('node/finish', (slot, uid) => this.#finished(slot, uid));
    this.#goneKind = simulation.defineKind('node/gone', (slot, uid) => this.#gone(slot, uid));
    for (const { constantUs } of [this.#start, this.#ready, this.#terminate]) {
      if (constantUs !== undefined) simulation.defineLane(constantUs);
    }
  }

  heard(pod: PodObject): void {
    const { slot, uid } = pod.identity;
    const stages = this.#rows.stages.data;
    if (pod.deletionUs !== undefined) {
      if (stages[slot] === STAGE.terminating) return;
      stages[slot] = STAGE.terminating;
      this.#simulation.after(this.#terminate.us(uid), this.#goneKind, slot, uid);
    } else if (stages[slot] === STAGE.none) {
      if (pod.terminal) stages[slot] = STAGE.ended;
      else if (pod.phase === 'Running') this.#adopt(slot, uid);
      else this.#begin(slot, uid);
    } else if (pod.terminal && this.#model.catchesUp) {
      stages[slot] = STAGE.ended;
    }
  }

  forget(): void {}

  paused(): void {}

  /** What ran there must start again, or has failed where that is not wanted. */
  machineDied(row: number): void {
    const stages = this.#rows.stages.data;
    for (const slot of this.#rows.slotsOn(row)) {
      if (stages[slot] === STAGE.running || stages[slot] === STAGE.starting) stages[slot] = STAGE.missed;
    }
  }

  /** The kubelet reports its running pods ready, starts what it had to leave, and ends what it missed. */
  resume(row: number): void {
    for (const slot of this.#rows.slotsOn(row)) {
      const pod = this.#rows.pod(slot);
      const stage = this.#rows.stages.data[slot]!;
      if (pod.deletionUs !== undefined || !pod.active) this.heard(pod);
      else if (stage === STAGE.missed) this.#beginAgain(slot, pod);
      else if (stage === STAGE.overdue) this.finish(pod, this.#fails(pod) ? 1 : 0);
      else if (pod.phase === 'Running') this.setReady(pod, true);
      else this.heard(pod);
    }
  }

  #beginAgain(slot: number, pod: PodObject): void {
    const isOver = pod.phase === 'Running' && pod.shape.spec.restartPolicy === 'Never';
    if (isOver) this.finish(pod, EXIT_KILLED);
    else this.#begin(slot, pod.uid);
  }

  finish(pod: PodObject, exitCode: number): void {
    if (!this.#rows.is(pod.slot, pod.uid)) return;
    if (this.#model.catchesUp) this.#rows.stages.data[pod.slot] = STAGE.ended;
    this.#client(pod.slot).patchPodStatus(pod, nowFinished, exitCode);
  }

  setReady(pod: PodObject, isReady: boolean): void {
    if (this.#rows.is(pod.slot, pod.uid)) this.#client(pod.slot).patchPodStatus(pod, nowReady, isReady);
  }

  #begin(slot: number, uid: number): void {
    this.#rows.stages.data[slot] = STAGE.starting;
    this.#countAtEnd(this.#rows.pod(slot));
    const delayUs = this.#start.us(uid);
    if (delayUs === 0) this.#started(slot, uid);
    else this.#simulation.after(delayUs, this.#startKind, slot, uid);
  }

  /** A pod that ran before the simulation began. */
  #adopt(slot: number, uid: number): void {
    this.#rows.stages.data[slot] = STAGE.running;
    const pod = this.#rows.pod(slot);
    const runUs = this.#runUs(pod);
    if (runUs === Number.POSITIVE_INFINITY) return;
    const endUs = (pod.startUs ?? 0) + runUs;
    this.#simulation.at(Math.max(this.#simulation.nowUs, endUs), this.#finishKind, slot, uid);
  }

  #started(slot: number, uid: number): void {
    const stages = this.#rows.stages.data;
    if (!this.#rows.is(slot, uid) || stages[slot] !== STAGE.starting) {
      if (this.#counted.has(uid)) this.#simulation.after(this.#run!.us(uid), this.#finishKind, slot, uid);
      return;
    }
    if (!this.#canAct(slot)) {
      stages[slot] = STAGE.missed;
      return;
    }
    stages[slot] = STAGE.running;
    const pod = this.#rows.pod(slot);
    const { isNeverReady } = this.#factsOf(pod.shape);
    const readyUs = isNeverReady ? 0 : this.#ready.us(uid);
    const isReady = !isNeverReady && readyUs === 0;
    this.#client(slot).patchPodStatus(pod, pod.phase === 'Running' ? nowReady : nowRunning, isReady);
    if (readyUs > 0) this.#simulation.after(readyUs, this.#readyKind, slot, uid);
    const runUs = this.#runUs(pod);
    if (runUs === Number.POSITIVE_INFINITY) return;
    this.#simulation.after(Math.max(runUs, readyUs), this.#finishKind, slot, uid);
  }

  /** Infinity: until somebody stops it. */
  #runUs({ identity: { runUs, uid, shape } }: PodObject): number {
    if (runUs !== undefined) return runUs;
    return this.#factsOf(shape).finishes ? this.#run!.us(uid) : Number.POSITIVE_INFINITY;
  }

  #becomesReady(slot: number, uid: number): void {
    if (!this.#isRunning(slot, uid) || !this.#canAct(slot)) return;
    this.#client(slot).patchPodStatus(this.#rows.pod(slot), nowReady, true);
  }

  #finished(slot: number, uid: number): void {
    if (!this.#isRunning(slot, uid)) {
      this.#failsNext(this.#counted.get(uid) ?? '');
      return;
    }
    if (!this.#canAct(slot)) {
      if (this.#model.catchesUp) this.#rows.stages.data[slot] = STAGE.overdue;
      return;
    }
    const pod = this.#rows.pod(slot);
    this.#rows.stages.data[slot] = STAGE.ended;
    const edit = this.#model.catchesUp ? nowFinished : finishedAgain;
    this.#client(slot).patchPodStatus(pod, edit, this.#fails(pod) ? 1 : 0);
  }

  #gone(slot: number, uid: number): void {
    if (!this.#rows.is(slot, uid)) return;
    if (this.#nodes.isDown(this.#rows.nodeRows.data[slot]!, DOWN.machine | DOWN.absent)) {
      this.#rows.stages.data[slot] = STAGE.missed;
      return;
    }
    this.#client(slot).deletePod(this.#rows.pod(slot), FORCE);
  }

  #countAtEnd({ uid, shape }: PodObject): void {
    const { app = '' } = shape.labels;
    if (this.#model.catchesUp || !this.#nToFail.has(app) || !this.#factsOf(shape).finishes) return;
    this.#counted.set(uid, app);
  }

  #fails(pod: PodObject): boolean {
    return this.#nToFail.size > 0 && this.#failsNext(pod.shape.labels.app ?? '');
  }

  /** One more pod of the app ends. */
  #failsNext(app: string): boolean {
    const nLeft = this.#nToFail.get(app) ?? 0;
    if (nLeft > 0) this.#nToFail.set(app, nLeft - 1);
    return nLeft > 0;
  }

  #isRunning(slot: number, uid: number): boolean {
    return this.#rows.is(slot, uid) && this.#rows.stages.data[slot] === STAGE.running;
  }

  #canAct(slot: number): boolean {
    const row = this.#rows.nodeRows.data[slot]!;
    return this.#nodes.acts(row) && !this.#nodes.isDown(row, DOWN.runtime);
  }

  #client(slot: number) {
    return this.#clients.of(this.#rows.nodeRows.data[slot]!);
  }

  #factsOf(shape: PodShape): ShapeFacts {
    let facts = this.#facts.get(shape);
    if (!facts) {
      const { containers, restartPolicy } = shape.spec;
      facts = {
        isNeverReady: containers.some(({ image = '' }) => this.#model.neverReady.includes(image)),
        finishes: this.#run !== undefined && restartPolicy !== undefined && restartPolicy !== 'Always',
      };
      this.#facts.set(shape, facts);
    }
    return facts;
  }
}
