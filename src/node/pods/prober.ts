// Start-up, liveness and readiness probes of running containers. Each keeps one timer: its next change of mind.
// Source: pkg/kubelet/prober/{prober_manager,worker}.go, 1.37: until the start-up probe has passed there are no others;
// a readiness probe runs at once when its container has started, then with its worker's ticker, which began before.
// Deviation: exec, HTTP, TCP and gRPC probes differ in nothing; what a probe finds is the app's model.

import { DRAW, type LifeContext } from './life-context.ts';
import type { ProbePlan } from './pod-plan.ts';
import { type ContainerRun, STATE } from './pod-worker.ts';
import { type Health, nextOutcome } from './probe-walk.ts';
import { DUE } from './step-timers.ts';

export interface ProbeListener {
  /** Readiness, or whether the container counts as started, has changed. */
  probed(run: ContainerRun): void;
  /** A start-up or liveness probe has failed for good: the container must be killed. */
  probeFailed(run: ContainerRun, probe: ProbePlan): void;
}

export class Prober {
  readonly #context: LifeContext;
  readonly #listener: ProbeListener;

  constructor(context: LifeContext, listener: ProbeListener) {
    this.#context = context;
    this.#listener = listener;
    const { timers } = context;
    timers.on(DUE.startupProbe, (run: ContainerRun, attempt) => this.#startup(run, attempt));
    timers.on(DUE.livenessProbe, (run: ContainerRun, attempt) => this.#liveness(run, attempt));
    timers.on(DUE.readinessProbe, (run: ContainerRun, attempt) => this.#readiness(run, attempt));
  }

  /** The container runs, its postStart hook has returned, and the kubelet has seen both. */
  begin(run: ContainerRun): void {
    run.probeAttempt++;
    run.isReady = false;
    run.isStarted = run.plan.startupProbe === undefined;
    if (run.isStarted) this.#started(run);
    else this.#waitForStartup(run);
  }

  /** The container was running, and as ready as this, before the simulation began. */
  adopt(run: ContainerRun, isReady: boolean): void {
    run.isStarted = true;
    run.isReady = isReady || !run.plan.readinessProbe;
    this.#watch(run);
  }

  end(run: ContainerRun): void {
    run.probeAttempt++;
    run.isReady = false;
    run.isStarted = false;
  }

  /** Liveness and start-up probes stop; readiness goes on. */
  endLiveness(run: ContainerRun): void {
    run.probeAttempt++;
    if (run.isStarted) this.#watchReadiness(run, false);
  }

  /** The kubelet has started again: its workers tick anew, each from an instant of its own. */
  restart(run: ContainerRun): void {
    if (run.state !== STATE.running || run.isNew) return;
    run.probeAttempt++;
    if (!run.isStarted) this.#waitForStartup(run);
    else this.#watch(run);
  }

  #waitForStartup(run: ContainerRun): void {
    const probe = run.plan.startupProbe!;
    const passes = this.#next(run, probe, false, true);
    const fails = this.#next(run, probe, true, true);
    const isFailure = fails !== undefined && (passes === undefined || fails < passes);
    const atUs = isFailure ? fails : passes;
    if (atUs !== undefined) this.#at(run, atUs, DUE.startupProbe, isFailure ? -1 : 1);
  }

  #startup(run: ContainerRun, attempt: number): void {
    const isFailure = attempt < 0;
    if (Math.abs(attempt) !== run.probeAttempt || !this.#canProbe(run)) return;
    if (isFailure) {
      this.#listener.probeFailed(run, run.plan.startupProbe!);
      return;
    }
    run.isStarted = true;
    this.#started(run);
    this.#listener.probed(run);
  }

  #started(run: ContainerRun): void {
    if (!run.plan.readinessProbe) run.isReady = true;
    this.#watch(run);
  }

  #watch(run: ContainerRun): void {
    const { livenessProbe, readinessProbe } = run.plan;
    if (readinessProbe) this.#watchReadiness(run, true);
    if (!livenessProbe) return;
    const failsUs = this.#next(run, livenessProbe, true, false);
    if (failsUs !== undefined) this.#at(run, failsUs, DUE.livenessProbe, 1);
  }

  #watchReadiness(run: ContainerRun, isImmediate: boolean): void {
    const { readinessProbe } = run.plan;
    const atUs = readinessProbe && this.#next(run, readinessProbe, run.isReady, isImmediate && !run.isReady);
    if (atUs !== undefined) this.#at(run, atUs, DUE.readinessProbe, 1);
  }

  #liveness(run: ContainerRun, attempt: number): void {
    if (attempt !== run.probeAttempt || !this.#canProbe(run)) return;
    this.#listener.probeFailed(run, run.plan.livenessProbe!);
  }

  #readiness(run: ContainerRun, attempt: number): void {
    if (attempt !== run.probeAttempt || !this.#canProbe(run)) return;
    run.isReady = !run.isReady;
    this.#watchReadiness(run, false);
    this.#listener.probed(run);
  }

  /** A kubelet that is down probes nothing; `restart` takes it up again. */
  #canProbe(run: ContainerRun): boolean {
    return run.state === STATE.running && this.#context.nodes.acts(run.worker.nodeRow);
  }

  #next(run: ContainerRun, probe: ProbePlan, published: boolean, isImmediate: boolean): number | undefined {
    const { nowUs } = this.#context;
    const walk = { startedUs: run.startedUs, gridUs: run.worker.probeGridUs, fromUs: nowUs, isImmediate };
    return nextOutcome(probe, this.#health(run), walk, published)?.atUs;
  }

  #health(run: ContainerRun): Health {
    const { startup } = run.plan.app;
    const startupUs = run.isAdopted ? 0 : (this.#context.drawUs(run, DRAW.startup, startup) ?? 0);
    return { fromUs: run.startedUs + startupUs, untilUs: run.hangUs };
  }

  /** `sign` -1: a failure. The first success of a pod is waited for; later changes come in the background. */
  #at(run: ContainerRun, atUs: number, due: 10 | 11 | 12, sign: 1 | -1): void {
    const isIdle = run.worker.isLasting && run.isReady;
    this.#context.timers.at(atUs, due, run, sign * run.probeAttempt, isIdle);
  }
}
