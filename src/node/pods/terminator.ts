// Brings pods to their end: on deletion, when their work is done, on eviction, at their deadline, when the node shuts down.
// Source: pkg/kubelet/kubelet.go SyncTerminatingPod and SyncTerminatedPod, kuberuntime killContainersWithSyncResult,
// pkg/kubelet/kuberuntime/kuberuntime_termination_order.go, 1.37.
// Deviations: statuses of single containers are not written while others still stop; a shorter grace period that comes
// later counts from its arrival without running the hooks again.

import type { Reply } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import { RETRY_US } from '../kubelet-clients.ts';
import { DRAW, type LifeContext } from './life-context.ts';
import { ROLE } from './pod-plan.ts';
import { type ContainerRun, type Ending, type PodWorker, STATE, STEP } from './pod-worker.ts';
import { DUE } from './step-timers.ts';
import { type StopTime, stopTime } from './stop-times.ts';
import type { Killer, Syncer } from './syncer.ts';

const FORCE = { graceSeconds: 0 } as const;
const NOT_FOUND = 404;

export class Terminator implements Killer {
  readonly #context: LifeContext;
  /** Called when the containers of a pod have ended for good. */
  readonly #onOver: (worker: PodWorker) => void;
  /** Set right after construction: syncer and terminator know each other. */
  syncer!: Syncer;

  constructor(context: LifeContext, onOver: (worker: PodWorker) => void) {
    this.#context = context;
    this.#onOver = onOver;
    const { timers } = context;
    timers.on(DUE.allExited, (worker: PodWorker, attempt) => {
      if (attempt === worker.attempt) this.#allExited(worker);
    });
    timers.on(DUE.cleaned, (worker: PodWorker, attempt) => {
      if (attempt === worker.attempt) this.#remove(worker);
    });
  }

  podDone(worker: PodWorker): void {
    this.end(worker, { graceSeconds: worker.plan.graceSeconds, sinceUs: this.#context.nowUs });
  }

  /** All containers stop; if they are stopping already, only a shorter grace period makes a difference. */
  end(worker: PodWorker, ending: Ending): void {
    if (worker.isOver) return;
    const known = worker.ending;
    if (known && known.sinceUs + known.graceSeconds * 1e6 <= ending.sinceUs + ending.graceSeconds * 1e6)
      return;
    this.syncer.abandon(worker);
    worker.ending = known ? { ...known, graceSeconds: ending.graceSeconds, sinceUs: ending.sinceUs } : ending;
    if (this.#context.canAct(worker.nodeRow)) this.#stopAll(worker, known !== undefined);
    else worker.allExitedUs = Infinity;
  }

  /** The API wants the pod gone. */
  delete(worker: PodWorker, graceSeconds: number): void {
    if (worker.isOver) this.#clean(worker);
    else this.end(worker, { graceSeconds, sinceUs: this.#context.nowUs });
  }

  killCondemned(worker: PodWorker): void {
    worker.step = STEP.killing;
    let lastUs = this.#context.nowUs;
    for (const run of worker.runs) {
      if (!run.condemnedBy || run.state !== STATE.running) continue;
      const graceSeconds = run.condemnedBy.graceSeconds ?? worker.plan.graceSeconds;
      this.#plan(run, this.#stopTime(run, graceSeconds, undefined, 0));
      run.exitReason = 'Error';
      lastUs = Math.max(lastUs, run.exitUs);
    }
    this.#context.timers.at(lastUs, DUE.killed, worker, ++worker.attempt);
  }

  /** The kubelet acts again after a pause: what fell due meanwhile happens now. */
  resume(worker: PodWorker): void {
    if (worker.isOver) {
      worker.isCleaning = false;
      if (worker.pod.deletionUs !== undefined) this.#clean(worker);
      return;
    }
    if (worker.allExitedUs === Infinity) {
      this.#stopAll(worker, false);
      return;
    }
    if (worker.allExitedUs > this.#context.nowUs) this.#context.publish(worker);
    const atUs = Math.max(this.#context.nowUs, worker.allExitedUs);
    this.#context.timers.at(atUs, DUE.allExited, worker, ++worker.attempt);
  }

  #stopAll(worker: PodWorker, isAgain: boolean): void {
    const { runs, plan } = worker;
    for (const run of runs) if (run.state === STATE.running) this.syncer.prober.endLiveness(run);
    const { graceSeconds, overrideSeconds } = worker.ending!;
    let lastUs = this.#context.nowUs;
    for (let i = runs.length - 1; i >= 0; i--) {
      const run = runs[i]!;
      if (run.state !== STATE.running) continue;
      const turnUs = run.plan.role === ROLE.sidecar && i < plan.nInit ? lastUs : 0;
      const time = isAgain
        ? this.#hurried(run, graceSeconds)
        : this.#stopTime(run, graceSeconds, overrideSeconds, turnUs);
      this.#plan(run, time);
      lastUs = Math.max(lastUs, run.exitUs);
    }
    worker.allExitedUs = lastUs;
    this.#context.timers.at(lastUs, DUE.allExited, worker, ++worker.attempt);
  }

  #stopTime(
    run: ContainerRun,
    graceSeconds: number,
    overrideSeconds: number | undefined,
    turnUs: number,
  ): StopTime {
    const { app, preStop } = run.plan;
    const hookUs = preStop && (preStop.sleepUs ?? this.#context.drawUs(run, DRAW.preStop, app.preStop));
    const shutdownUs = this.#context.drawUs(run, DRAW.shutdown, app.shutdown) ?? 0;
    const { nowUs } = this.#context;
    return stopTime({ nowUs, graceSeconds, overrideSeconds, preStopUs: hookUs ?? 0, shutdownUs, turnUs });
  }

  /** A new, shorter grace period for a container that is stopping already. */
  #hurried(run: ContainerRun, graceSeconds: number): StopTime {
    const { nowUs } = this.#context;
    const latest = stopTime({
      nowUs,
      graceSeconds,
      overrideSeconds: undefined,
      preStopUs: 0,
      shutdownUs: Infinity,
      turnUs: 0,
    });
    return run.exitUs <= latest.exitUs ? { exitUs: run.exitUs, exitCode: run.exitCode } : latest;
  }

  /** It may have ended by itself before. */
  #plan(run: ContainerRun, { exitUs, exitCode }: StopTime): void {
    run.exitAttempt++;
    this.#context.event(run.worker, 'Normal', 'Killing');
    if (run.exitUs <= exitUs) return;
    run.exitUs = exitUs;
    run.exitCode = exitCode;
    run.exitReason = exitCode === 0 ? 'Completed' : 'Error';
  }

  #allExited(worker: PodWorker): void {
    for (const run of worker.runs) if (run.state === STATE.running) this.syncer.ended(run);
    if (!this.#context.canAct(worker.nodeRow)) return;
    worker.isOver = true;
    this.#context.publish(worker);
    this.#onOver(worker);
    if (worker.pod.deletionUs !== undefined && !worker.isDetached) this.#clean(worker);
  }

  /** Volumes are unmounted and the pod's files removed before the API hears that it is gone. */
  #clean(worker: PodWorker): void {
    if (worker.isCleaning) return;
    worker.isCleaning = true;
    const us = this.#context.cleanup.us(worker.pod.uid);
    this.#context.timers.at(this.#context.nowUs + us, DUE.cleaned, worker, ++worker.attempt);
  }

  #remove(worker: PodWorker): void {
    if (worker.isDetached || !this.#context.nodes.acts(worker.nodeRow)) return;
    this.#context.clients.of(worker.nodeRow).deletePod(worker.pod, FORCE, this.#onRemoved, worker);
  }

  readonly #onRemoved: Reply<PodObject, PodWorker> = (error, _pod, worker) => {
    if (error === undefined || error.code === NOT_FOUND) return;
    this.#context.timers.at(this.#context.nowUs + RETRY_US, DUE.cleaned, worker, worker.attempt);
  };
}
