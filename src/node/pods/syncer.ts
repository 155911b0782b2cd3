// The pod worker: brings a pod from admission to running containers and keeps it there, one step at a time.
// Source: pkg/kubelet/kubelet.go SyncPod, pod_workers.go, kuberuntime SyncPod and computePodActions, 1.37: volumes, then
// the sandbox, then the containers one after the other; what could not be started is tried again by a later sync.
// Deviation: two looks at the runtime that follow a sync at once (on-demand relist) take no time.

import { DRAW, type LifeContext } from './life-context.ts';
import type { ProbePlan } from './pod-plan.ts';
import { type ContainerRun, type PodWorker, STATE, STEP } from './pod-worker.ts';
import { type ProbeListener, Prober } from './prober.ts';
import { forEachToStart, isPodDone } from './restarts.ts';
import {
  type ImageSource,
  N_RESTARTS_WAITED,
  Starter,
  type StartListener,
  type UsageListener,
} from './starter.ts';
import { DUE } from './step-timers.ts';

/** The longest wait for a container's back-off in one piece. */
const BACKOFF_WAIT_US_MAX = 60_000_000;

/** Brings containers and pods to their end. */
export interface Killer {
  /** Kills some containers of a pod that goes on; `killed` of the syncer follows. */
  killCondemned(worker: PodWorker): void;
  /** All main containers have ended for good: the pod has come to its own end. */
  podDone(worker: PodWorker): void;
}

export class Syncer implements ProbeListener, StartListener {
  readonly prober: Prober;
  readonly starter: Starter;
  readonly #context: LifeContext;
  readonly #usage: UsageListener;
  readonly #killer: Killer;

  constructor(context: LifeContext, images: ImageSource, usage: UsageListener, killer: Killer) {
    this.#context = context;
    this.#usage = usage;
    this.#killer = killer;
    this.prober = new Prober(context, this);
    this.starter = new Starter(context, images, usage, this);
    const { timers } = context;
    timers.on(DUE.volumes, (worker: PodWorker, attempt) => this.#volumesMounted(worker, attempt));
    timers.on(DUE.sandbox, (worker: PodWorker, attempt) => this.#sandboxMade(worker, attempt));
    timers.on(DUE.exitSeen, (run: ContainerRun, attempt) => this.#exitSeen(run, attempt));
    timers.on(DUE.killed, (worker: PodWorker, attempt) => this.#killed(worker, attempt));
    timers.on(DUE.resync, (worker: PodWorker, attempt) => {
      if (attempt === worker.resyncAttempt) this.sync(worker);
    });
  }

  /** Looks at the pod and does what is to be done, now or as soon as the worker is free. */
  sync(worker: PodWorker): void {
    if (worker.ending || worker.isOver) return;
    if (worker.step !== STEP.idle) {
      worker.isDirty = true;
      return;
    }
    if (!this.#context.canAct(worker.nodeRow)) return;
    worker.isDirty = false;
    worker.retryUs = Infinity;
    worker.resyncAttempt++;
    worker.nSyncs++;
    this.#context.publish(worker);
    this.#next(worker);
  }

  startEnded(worker: PodWorker): void {
    this.#next(worker);
  }

  probed(run: ContainerRun): void {
    const { worker } = run;
    if (worker.step === STEP.idle && !worker.ending) this.sync(worker);
    else this.#context.publish(worker);
  }

  probeFailed(run: ContainerRun, probe: ProbePlan): void {
    run.condemnedBy = probe;
    this.#context.event(run.worker, 'Warning', 'Unhealthy');
    this.sync(run.worker);
  }

  /** A container has ended; the kubelet sees it now or when it looks again. */
  ended(run: ContainerRun): void {
    run.state = STATE.exited;
    run.waitingReason = '';
    run.isNew = false;
    run.condemnedBy = undefined;
    this.prober.end(run);
    this.#usage.ended(run);
  }

  /** What the worker was doing is lost: the kubelet or its machine stopped. */
  abandon(worker: PodWorker): void {
    worker.attempt++;
    worker.resyncAttempt++;
    worker.step = STEP.idle;
    worker.isDirty = false;
  }

  #next(worker: PodWorker): void {
    if (!this.#context.canAct(worker.nodeRow)) {
      this.abandon(worker);
      return;
    }
    if (isPodDone(worker)) this.#killer.podDone(worker);
    else if (!worker.hasVolumes) this.#step(worker, STEP.volumes, DUE.volumes, this.#context.volumes);
    else if (!worker.hasSandbox) this.#step(worker, STEP.sandbox, DUE.sandbox, this.#context.sandbox);
    else if (worker.runs.some(isCondemned)) this.#killer.killCondemned(worker);
    else if (!this.#startOne(worker)) this.#endSync(worker);
  }

  #step(worker: PodWorker, step: 1 | 2, due: 0 | 1, delay: { us(uid: number, salt: number): number }): void {
    worker.step = step;
    const us = delay.us(worker.pod.uid, worker.attempt);
    this.#context.timers.at(this.#context.nowUs + us, due, worker, ++worker.attempt);
  }

  #volumesMounted(worker: PodWorker, attempt: number): void {
    if (attempt !== worker.attempt) return;
    worker.hasVolumes = true;
    worker.probeGridUs = this.#context.nowUs;
    this.#next(worker);
  }

  #sandboxMade(worker: PodWorker, attempt: number): void {
    if (attempt !== worker.attempt) return;
    worker.hasSandbox = true;
    this.#next(worker);
  }

  #killed(worker: PodWorker, attempt: number): void {
    if (attempt !== worker.attempt) return;
    for (const run of worker.runs) if (isCondemned(run)) this.ended(run);
    worker.step = STEP.idle;
    this.#next(worker);
  }

  #exitSeen(run: ContainerRun, attempt: number): void {
    const { worker } = run;
    if (attempt !== run.exitAttempt || worker.ending || run.condemnedBy) return;
    this.ended(run);
    this.sync(worker);
  }

  /** Begins to start the next container that this sync has not tried; false if there is none. */
  #startOne(worker: PodWorker): boolean {
    let isBusy = false;
    worker.step = STEP.idle;
    forEachToStart(worker, (run) => {
      if (isBusy || run.triedIn === worker.nSyncs) return;
      run.triedIn = worker.nSyncs;
      isBusy = !this.#waitsForBackoff(run) && this.starter.begin(run);
    });
    return isBusy;
  }

  #waitsForBackoff(run: ContainerRun): boolean {
    if (run.state !== STATE.exited) return false;
    const { nowUs } = this.#context;
    const allowedUs = run.crashBackoff.allowedUs(run.exitUs);
    if (allowedUs <= nowUs) return false;
    if (run.waitingReason !== 'CrashLoopBackOff') this.#context.event(run.worker, 'Warning', 'BackOff');
    run.waitingReason = 'CrashLoopBackOff';
    const waitUs = Math.min(allowedUs - nowUs, BACKOFF_WAIT_US_MAX);
    run.worker.retryUs = Math.min(run.worker.retryUs, waitUs);
    return true;
  }

  #endSync(worker: PodWorker): void {
    worker.step = STEP.idle;
    let hasBegun = false;
    for (const run of worker.runs) {
      if (!run.isNew) continue;
      run.isNew = false;
      hasBegun = true;
      this.prober.begin(run);
    }
    this.#context.publish(worker);
    if (worker.isDirty || (hasBegun && this.#hasMoreToStart(worker))) this.sync(worker);
    else if (worker.retryUs !== Infinity) this.#resyncAfter(worker, worker.retryUs);
  }

  /** A container that this sync could not yet think of, because it waited for one that has just started. */
  #hasMoreToStart(worker: PodWorker): boolean {
    let hasMore = false;
    forEachToStart(worker, (run) => {
      if (run.triedIn !== worker.nSyncs) hasMore = true;
    });
    return hasMore;
  }

  #resyncAfter(worker: PodWorker, waitUs: number): void {
    const { nowUs, model } = this.#context;
    const attempt = ++worker.resyncAttempt;
    const jitter = model.resyncJitterRatio * this.#context.draw(worker, DRAW.resync, 0, attempt);
    const dueUs = this.#context.loopUs(
      worker.nodeRow,
      model.tickerUs,
      Math.ceil(nowUs + waitUs * (1 + jitter)),
    );
    this.#context.timers.at(dueUs, DUE.resync, worker, attempt, isHopeless(worker));
  }
}

function isCondemned(run: ContainerRun): boolean {
  return run.condemnedBy !== undefined && run.state === STATE.running;
}

/** It has been tried so often that nobody waits for it any more. */
function isHopeless(worker: PodWorker): boolean {
  return worker.nSyncs > N_SYNCS_WAITED || worker.runs.some(({ nRestarts }) => nRestarts > N_RESTARTS_WAITED);
}

const N_SYNCS_WAITED = 100;
