// The life of a pod as a kubelet conducts it: admission, volumes, sandbox, images, containers in order, probes, restarts,
// termination. This file keeps the pods' workers and passes on what is heard; each mechanism has a file of its own.

import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { admissionRefusal, type Pressure } from '../admission.ts';
import { DOWN } from '../node-rows.ts';
import type { NodeStates } from '../node-states.ts';
import type { PodLife } from '../pod-life.ts';
import type { PodRows } from '../pod-rows.ts';
import { Apps } from './apps.ts';
import { DRAW, type LifeContext } from './life-context.ts';
import { type PodPlan, podPlan, ROLE } from './pod-plan.ts';
import { type Ending, PodWorker, STATE } from './pod-worker.ts';
import { DUE } from './step-timers.ts';
import type { Syncer } from './syncer.ts';
import type { Terminator } from './terminator.ts';

/** What the rest of the node tells and is told about pods. */
export interface NodeSide {
  pressure(nodeRow: number): Pressure;
  /** A pod has come to the node (1) or has nothing there any more (-1). */
  podsChanged(worker: PodWorker, change: 1 | -1): void;
  /** A pod that has come was running here before the simulation began. */
  adopted(worker: PodWorker): void;
  machineDied(nodeRow: number): void;
  /** The kubelet acts again. */
  resumed(nodeRow: number): void;
}

const EXIT_UNKNOWN = 137;

export class DetailedLife implements PodLife {
  readonly #context: LifeContext;
  readonly #rows: PodRows;
  readonly #states: NodeStates;
  readonly #syncer: Syncer;
  readonly #terminator: Terminator;
  readonly #node: NodeSide;
  readonly #apps: Apps;
  readonly #plans = new Map<PodShape, PodPlan>();
  /** By slot. */
  readonly #workers: (PodWorker | undefined)[] = [];

  constructor(
    context: LifeContext,
    rows: PodRows,
    states: NodeStates,
    syncer: Syncer,
    terminator: Terminator,
    node: NodeSide,
  ) {
    this.#context = context;
    this.#rows = rows;
    this.#states = states;
    this.#syncer = syncer;
    this.#terminator = terminator;
    this.#node = node;
    this.#apps = new Apps(context.model.apps);
    context.timers.on(DUE.deadline, (worker: PodWorker) => this.#deadline(worker));
  }

  heard(pod: PodObject): void {
    const { slot } = pod.identity;
    let worker = this.#workers[slot];
    if (worker) worker.pod = pod;
    else worker = this.#create(pod);
    if (pod.deletionUs !== undefined) this.#terminator.delete(worker, pod.graceSeconds);
  }

  forget(pod: PodObject): void {
    const worker = this.#workers[pod.slot];
    if (!worker) return;
    this.#workers[pod.slot] = undefined;
    worker.isDetached = true;
    const isDead = this.#context.nodes.isDown(worker.nodeRow, DOWN.absent | DOWN.machine);
    if (worker.isOver || isDead) this.over(worker);
    else this.#terminator.delete(worker, pod.graceSeconds);
  }

  workerOf(pod: PodObject): PodWorker | undefined {
    const worker = this.#workers[pod.slot];
    return worker?.pod.uid === pod.uid ? worker : undefined;
  }

  /** The containers of a pod have ended for good. */
  over(worker: PodWorker): void {
    if (this.#states.of(worker.nodeRow).workers.delete(worker)) this.#node.podsChanged(worker, -1);
  }

  paused(nodeRow: number): void {
    for (const worker of this.#states.of(nodeRow).workers) if (!worker.ending) this.#syncer.abandon(worker);
  }

  machineDied(nodeRow: number): void {
    for (const worker of this.#states.of(nodeRow).workers) {
      this.#syncer.abandon(worker);
      worker.hasVolumes = false;
      worker.hasSandbox = false;
      for (const run of worker.runs) {
        if (run.state === STATE.running) {
          run.exitUs = this.#context.nowUs;
          run.exitAttempt++;
          run.exitCode = EXIT_UNKNOWN;
          run.exitReason = 'ContainerStatusUnknown';
          this.#syncer.ended(run);
        } else if (run.plan.role === ROLE.init && run.succeeded) {
          run.state = STATE.waiting;
        }
      }
      worker.allExitedUs = this.#context.nowUs;
    }
    this.#node.machineDied(nodeRow);
  }

  resume(nodeRow: number): void {
    for (const slot of this.#rows.slotsOn(nodeRow)) {
      const worker = this.#workers[slot];
      if (worker) this.#resumeWorker(worker, this.#rows.pod(slot));
      else this.heard(this.#rows.pod(slot));
    }
    for (const worker of this.#states.of(nodeRow).workers) {
      if (worker.isDetached) this.#terminator.resume(worker);
    }
    this.#node.resumed(nodeRow);
  }

  finish(pod: PodObject, exitCode: number): void {
    const worker = this.#workers[pod.slot];
    if (!worker || worker.ending || worker.isOver) return;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    for (const run of worker.runs) {
      if (run.plan.role !== ROLE.main || run.state !== STATE.running) continue;
      this.#syncer.starter.exitsAt(run, this.#context.nowUs, exitCode, reason);
    }
  }

  setReady(pod: PodObject, isReady: boolean): void {
    const worker = this.#workers[pod.slot];
    if (!worker) return;
    worker.isForcedUnready = !isReady;
    this.#context.publish(worker);
  }

  /** The kubelet itself ends a pod. */
  end(worker: PodWorker, ending: Ending): void {
    if (worker.ending) return;
    if (ending.reason) this.#context.event(worker, 'Warning', ending.reason);
    this.#terminator.end(worker, ending);
  }

  #resumeWorker(worker: PodWorker, pod: PodObject): void {
    worker.pod = pod;
    worker.published = undefined;
    const period = 10_000_000;
    worker.probeGridUs =
      this.#context.nowUs + Math.floor(period * this.#context.draw(worker, DRAW.probePhase));
    if (worker.ending || worker.isOver) {
      if (worker.isOver) this.#context.publish(worker);
      this.#terminator.resume(worker);
    } else {
      for (const run of worker.runs) this.#syncer.prober.restart(run);
      this.#syncer.sync(worker);
    }
    if (pod.deletionUs !== undefined) this.#terminator.delete(worker, pod.graceSeconds);
  }

  #create(pod: PodObject): PodWorker {
    const { slot } = pod.identity;
    const nodeRow = this.#rows.nodeRows.data[slot]!;
    const worker = new PodWorker(pod, this.#planOf(pod.shape), nodeRow);
    while (this.#workers.length <= slot) this.#workers.push(undefined);
    this.#workers[slot] = worker;
    worker.seenUs = this.#context.nowUs;
    if (pod.terminal) worker.isOver = true;
    else if (pod.phase === 'Running') this.#adopt(worker);
    else this.#admit(worker);
    return worker;
  }

  #admit(worker: PodWorker): void {
    const { pod, plan, nodeRow } = worker;
    const state = this.#states.of(nodeRow);
    const reason = admissionRefusal(pod, plan, state, this.#node.pressure(nodeRow));
    if (reason !== '') {
      worker.ending = { graceSeconds: 0, sinceUs: this.#context.nowUs, reason };
      worker.isOver = true;
      this.#context.publish(worker);
      this.#context.event(worker, 'Warning', reason);
      return;
    }
    this.#join(worker);
    this.#syncer.sync(worker);
  }

  /** A pod that ran before the simulation began goes on as it was. */
  #adopt(worker: PodWorker): void {
    const { pod } = worker;
    worker.seenUs = pod.startUs ?? this.#context.nowUs;
    worker.hasVolumes = true;
    worker.hasSandbox = true;
    worker.probeGridUs = this.#context.nowUs;
    this.#join(worker);
    this.#node.adopted(worker);
    for (const run of worker.runs) {
      this.#syncer.starter.adopt(run, worker.seenUs);
      if (run.state === STATE.running) this.#syncer.prober.adopt(run, pod.ready);
    }
    this.#syncer.sync(worker);
  }

  #join(worker: PodWorker): void {
    const { plan, nodeRow } = worker;
    const factor = plan.containers.find(({ app }) => app.usageFactor)?.app.usageFactor;
    if (factor) worker.usageFactor = Math.max(0, factor(this.#context.draw(worker, DRAW.usageFactor)));
    this.#states.of(nodeRow).workers.add(worker);
    this.#node.podsChanged(worker, 1);
    if (plan.deadlineUs === Infinity) return;
    const { tickerUs } = this.#context.model;
    const atUs = this.#context.loopUs(nodeRow, tickerUs, worker.seenUs + plan.deadlineUs);
    this.#context.timers.at(Math.max(atUs, this.#context.nowUs), DUE.deadline, worker, 0, true);
  }

  #deadline(worker: PodWorker): void {
    if (worker.isOver || !this.#context.nodes.acts(worker.nodeRow)) return;
    const { graceSeconds } = worker.plan;
    this.end(worker, { graceSeconds, sinceUs: this.#context.nowUs, reason: 'DeadlineExceeded' });
  }

  #planOf(shape: PodShape): PodPlan {
    let plan = this.#plans.get(shape);
    if (!plan) this.#plans.set(shape, (plan = podPlan(shape, this.#apps)));
    return plan;
  }
}
