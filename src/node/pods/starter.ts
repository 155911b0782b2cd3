// Starts one container: its image first, then the container itself, then its postStart hook, and only then is it running.
// Source: pkg/kubelet/kuberuntime startContainer, 1.37: synchronous, so that the next container of the pod waits.
// Deviation: hooks do not fail.

import { DRAW, type LifeContext } from './life-context.ts';
import { type ContainerPlan, ROLE } from './pod-plan.ts';
import { type ContainerRun, type PodWorker, STATE, STEP } from './pod-worker.ts';
import { DUE } from './step-timers.ts';

/** Where the images of containers come from. */
export interface ImageSource {
  /**
   * Asks for the image of a container that is about to start. 'present': go on; 'failed': not now (the container's
   * waiting reason says why); 'pulling': `pulled` or `pullFailed` will be called with the same attempt.
   */
  request(run: ContainerRun, attempt: number, onDone: PullListener): 'present' | 'failed' | 'pulling';
}

export interface PullListener {
  pulled(run: ContainerRun, attempt: number): void;
  pullFailed(run: ContainerRun, attempt: number): void;
}

export interface StartListener {
  /** The worker is free again, whether its container started or not. */
  startEnded(worker: PodWorker): void;
}

/** Told when containers use the node's resources; may bring their end forward or put it off. */
export interface UsageListener {
  started(run: ContainerRun): void;
  ended(run: ContainerRun): void;
}

const EXIT_CRASH = 1;
const EXIT_KILLED = 137;
const OOM_KILLED = 'OOMKilled';

export class Starter implements PullListener {
  readonly #context: LifeContext;
  readonly #images: ImageSource;
  readonly #usage: UsageListener;
  readonly #listener: StartListener;

  constructor(context: LifeContext, images: ImageSource, usage: UsageListener, listener: StartListener) {
    this.#context = context;
    this.#images = images;
    this.#usage = usage;
    this.#listener = listener;
    context.timers.on(DUE.created, (run: ContainerRun, attempt) => this.#created(run, attempt));
    context.timers.on(DUE.postStarted, (run: ContainerRun, attempt) => this.#running(run, attempt));
  }

  /** False: it cannot be started now; the worker stays free. */
  begin(run: ContainerRun): boolean {
    const { worker } = run;
    const attempt = ++worker.attempt;
    const answer = this.#images.request(run, attempt, this);
    if (answer === 'failed') return false;
    worker.step = STEP.starting;
    if (answer === 'present') this.#create(run, attempt);
    return true;
  }

  pulled(run: ContainerRun, attempt: number): void {
    if (attempt === run.worker.attempt) this.#create(run, attempt);
  }

  pullFailed(run: ContainerRun, attempt: number): void {
    if (attempt !== run.worker.attempt) return;
    run.worker.step = STEP.idle;
    this.#listener.startEnded(run.worker);
  }

  /** A container that has been running since `startedUs`; what must have ended before it has. */
  adopt(run: ContainerRun, startedUs: number): void {
    run.nStarts = 1;
    run.startedUs = startedUs;
    run.isAdopted = true;
    run.waitingReason = '';
    if (run.plan.role === ROLE.init) {
      run.state = STATE.exited;
      run.exitUs = startedUs;
      run.exitReason = 'Completed';
      return;
    }
    run.state = STATE.running;
    this.#planExit(run);
    this.#usage.started(run);
  }

  /** The end of its work has moved. */
  workEndsAt(run: ContainerRun, atUs: number): void {
    const { exitCode } = run.plan.app;
    if (run.oomUs < atUs) this.exitsAt(run, run.oomUs, EXIT_KILLED, OOM_KILLED);
    else this.exitsAt(run, atUs, exitCode, exitCode === 0 ? 'Completed' : 'Error');
  }

  /** The kernel kills it now. */
  oomKill(run: ContainerRun): void {
    this.exitsAt(run, this.#context.nowUs, EXIT_KILLED, OOM_KILLED);
  }

  /** When the program ends by itself is known only now. */
  exitsAt(run: ContainerRun, atUs: number, exitCode: number, exitReason: string): void {
    const { nodeRow, isLasting } = run.worker;
    run.exitUs = atUs;
    run.exitCode = exitCode;
    run.exitReason = exitReason;
    run.exitAttempt++;
    if (atUs === Infinity) return;
    const lookUs = Math.max(atUs, this.#context.nowUs);
    const seenUs = this.#context.loopUs(nodeRow, this.#context.model.relistUs, lookUs);
    this.#context.timers.at(
      seenUs,
      DUE.exitSeen,
      run,
      run.exitAttempt,
      isLasting && run.plan.role !== ROLE.init,
    );
  }

  #create(run: ContainerRun, attempt: number): void {
    const { create } = this.#context;
    const us = create.us(run.worker.pod.uid, (run.plan.index << 16) ^ run.nStarts);
    run.waitingReason = run.worker.plan.creatingReason;
    this.#after(us, DUE.created, run, attempt);
  }

  #created(run: ContainerRun, attempt: number): void {
    if (attempt !== run.worker.attempt) return;
    const { plan } = run;
    const { nowUs } = this.#context;
    if (run.state === STATE.exited)
      run.crashBackoff.restarted(this.#context.model.crashBackoff, run.exitUs, nowUs);
    this.#context.event(run.worker, 'Normal', 'Created');
    this.#context.event(run.worker, 'Normal', 'Started');
    run.nStarts++;
    run.startedUs = nowUs;
    run.state = STATE.running;
    run.isNew = true;
    run.isAdopted = false;
    run.waitingReason = '';
    const hangUs = this.#context.drawUs(run, DRAW.hang, plan.app.hang);
    run.hangUs = hangUs === undefined ? Infinity : nowUs + hangUs;
    this.#planExit(run);
    this.#usage.started(run);
    const hookUs = plan.postStart && this.#hookUs(run, plan);
    if (hookUs) this.#after(hookUs, DUE.postStarted, run, attempt);
    else this.#running(run, attempt);
  }

  #running(run: ContainerRun, attempt: number): void {
    if (attempt !== run.worker.attempt) return;
    run.worker.step = STEP.idle;
    this.#listener.startEnded(run.worker);
  }

  #hookUs(run: ContainerRun, { postStart, app }: ContainerPlan): number {
    return postStart!.sleepUs ?? this.#context.drawUs(run, DRAW.postStart, app.postStart) ?? 0;
  }

  #planExit(run: ContainerRun): void {
    const { app } = run.plan;
    const runUs = this.#runUs(run);
    const crashUs = this.#context.drawUs(run, DRAW.crash, app.crash) ?? Infinity;
    run.workLeftUs = crashUs < runUs ? Infinity : runUs;
    if (crashUs < runUs) this.exitsAt(run, run.startedUs + crashUs, EXIT_CRASH, 'Error');
    else this.exitsAt(run, run.startedUs + runUs, app.exitCode, app.exitCode === 0 ? 'Completed' : 'Error');
    const { memory } = app;
    const level = run.plan.memoryLimitBytes / run.worker.usageFactor;
    run.oomUs = memory ? run.startedUs + memory.firstAbove(level, 0) : Infinity;
    if (run.oomUs < run.exitUs) this.exitsAt(run, run.oomUs, EXIT_KILLED, OOM_KILLED);
  }

  /** Infinity: until somebody stops it. */
  #runUs(run: ContainerRun): number {
    const { plan, worker } = run;
    const own = plan.role === ROLE.main ? worker.pod.identity.runUs : undefined;
    if (own !== undefined) return own;
    const drawn = this.#context.drawUs(run, DRAW.run, plan.app.run);
    if (drawn !== undefined) return drawn;
    const { defaultRunInit, defaultRun } = this.#context;
    if (plan.role === ROLE.init) return this.#context.drawUs(run, DRAW.run, defaultRunInit)!;
    if (plan.role === ROLE.sidecar || worker.plan.restartPolicy === 'Always') return Infinity;
    return this.#context.drawUs(run, DRAW.run, defaultRun) ?? Infinity;
  }

  #after(us: number, due: 2 | 3, run: ContainerRun, attempt: number): void {
    const isIdle = run.nStarts > N_RESTARTS_WAITED;
    this.#context.timers.at(this.#context.nowUs + us, due, run, attempt, isIdle);
  }
}

/** A container that has been restarted so often loops for ever: nobody waits for it. */
export const N_RESTARTS_WAITED = 8;
