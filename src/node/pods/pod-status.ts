// What a kubelet reports of a pod: phase, readiness, restarts, and why its containers wait.
// Source: pkg/kubelet/kubelet_pods.go getPhase and generateAPIPodStatus, status/status_manager.go, 1.37.
// Deviation: container statuses are spelled out only for pods with more than one container or a restart; for the others
// they follow from the pod's fields.

import type { PodObject } from '../../kube/pod-object.ts';
import type { ContainerState, ContainerStatus, PodPhase } from '../../kube/types.ts';
import type { WallClock } from '../../kube/wall-clock.ts';
import { ROLE } from './pod-plan.ts';
import { type ContainerRun, type PodWorker, STATE } from './pod-worker.ts';
import { hasFailedInit, isDone, isPodDone } from './restarts.ts';

/** The status as fields of a pod's version. */
export interface PodStatusFields {
  readonly phase: PodPhase;
  readonly ready: boolean;
  readonly reason: string;
  readonly disruption: string;
  readonly startUs: number;
  readonly hasIp: boolean;
  readonly restarts: number;
  readonly restartsMax: number;
  readonly waiting: string;
  readonly exitCode: number;
  readonly finishedUs: number | undefined;
  readonly containers: readonly ContainerStatus[] | undefined;
}

/** The phase that follows from the containers alone. */
export function phaseOf(worker: PodWorker): PodPhase {
  const { runs, plan } = worker;
  if (hasFailedInit(worker)) return 'Failed';
  if (!worker.isInitialized && runs.slice(plan.nInit).every(({ nStarts }) => nStarts === 0)) return 'Pending';
  const mains = runs.slice(plan.nInit);
  if (mains.some(({ nStarts }) => nStarts === 0)) return 'Pending';
  if (!mains.every(isDone)) return 'Running';
  return mains.every(({ exitCode }) => exitCode === 0) ? 'Succeeded' : 'Failed';
}

/** All containers that last are ready. */
function isReady({ runs, plan, isForcedUnready, isInitialized }: PodWorker): boolean {
  if (isForcedUnready || !isInitialized) return false;
  for (let i = 0; i < runs.length; i++) {
    const run = runs[i]!;
    if ((i >= plan.nInit || run.plan.role === ROLE.sidecar) && !run.isReady) return false;
  }
  return true;
}

function waitingReason(worker: PodWorker): string {
  const waiting = worker.runs.find((run) => run.state !== STATE.running && !isDone(run));
  return waiting?.waitingReason ?? '';
}

function stateOf(run: ContainerRun, clock: WallClock): ContainerState {
  const startedAt = clock.timestamp(run.startedUs);
  if (run.state === STATE.running) return { running: { startedAt } };
  if (run.state === STATE.exited && (isDone(run) || run.waitingReason === '')) return terminated(run, clock);
  return { waiting: { reason: run.waitingReason } };
}

function terminated(run: ContainerRun, clock: WallClock): ContainerState {
  const { exitCode, exitReason: reason } = run;
  const startedAt = clock.timestamp(run.startedUs);
  return { terminated: { exitCode, reason, startedAt, finishedAt: clock.timestamp(run.exitUs) } };
}

function containerStatus(run: ContainerRun, clock: WallClock): ContainerStatus {
  const { name, image } = run.plan;
  const isAgain = run.nStarts > 0 && run.state !== STATE.running && !isDone(run);
  return {
    name,
    image,
    ready: run.isReady,
    started: run.isStarted,
    restartCount: run.nRestarts,
    state: stateOf(run, clock),
    ...(isAgain && { lastState: terminated(run, clock) }),
  };
}

function containerStatuses(worker: PodWorker, clock: WallClock): readonly ContainerStatus[] | undefined {
  const { runs, plan } = worker;
  if (runs.length === 1 && runs[0]!.nRestarts === 0 && runs[0]!.exitReason === '') return undefined;
  return runs.slice(plan.nInit).map((run) => containerStatus(run, clock));
}

/** The exit code that made the pod fail: of the first container that ended badly. */
function failureCode({ runs }: PodWorker): number {
  return runs.find((run) => run.state === STATE.exited && run.exitCode !== 0)?.exitCode ?? 0;
}

export function statusOf(worker: PodWorker, clock: WallClock): PodStatusFields {
  const { runs, ending, isOver } = worker;
  const own = phaseOf(worker);
  const isTerminal = isOver || (ending === undefined && isPodDone(worker) && runs.every(isStopped));
  const phase = isTerminal
    ? finalPhase(worker, own)
    : own === 'Succeeded' || own === 'Failed'
      ? 'Running'
      : own;
  let restarts = 0;
  let restartsMax = 0;
  for (const { nRestarts } of runs) {
    restarts += nRestarts;
    restartsMax = Math.max(restartsMax, nRestarts);
  }
  return {
    phase,
    ready: !isTerminal && phase === 'Running' && isReady(worker),
    reason: isTerminal ? (ending?.reason ?? '') : '',
    disruption: ending?.disruption ?? '',
    startUs: worker.seenUs,
    hasIp: worker.hasSandbox,
    restarts,
    restartsMax,
    waiting: isTerminal ? '' : waitingReason(worker),
    exitCode: phase === 'Failed' ? failureCode(worker) : 0,
    finishedUs: isTerminal ? lastExitUs(worker) : undefined,
    containers: containerStatuses(worker, clock),
  };
}

function isStopped({ state }: ContainerRun): boolean {
  return state !== STATE.running;
}

/** A pod that was made to end has failed unless all its main containers ended well. */
function finalPhase(worker: PodWorker, own: PodPhase): PodPhase {
  if (worker.ending?.reason) return 'Failed';
  if (own === 'Succeeded' || own === 'Failed') return own;
  return worker.runs.slice(worker.plan.nInit).every(({ succeeded }) => succeeded) ? 'Succeeded' : 'Failed';
}

function lastExitUs({ runs, seenUs }: PodWorker): number {
  return runs.reduce((last, run) => (run.state === STATE.exited ? Math.max(last, run.exitUs) : last), seenUs);
}

/** Writes the fields into the version that the server holds; a finished pod stays as it is. */
export function withStatus(pod: PodObject, nowUs: number, fields: PodStatusFields): PodObject {
  if (pod.terminal) return pod;
  const next = pod.draft();
  if (pod.ready !== fields.ready || pod.readyChangedUs === undefined) next.readyChangedUs = nowUs;
  next.phase = fields.phase;
  next.ready = fields.ready;
  next.reason = fields.reason;
  if (fields.disruption) next.disruption = fields.disruption;
  next.startUs = fields.startUs;
  next.hasIp = fields.hasIp;
  next.restarts = fields.restarts;
  next.restartsMax = fields.restartsMax;
  next.waiting = fields.waiting;
  next.exitCode = fields.exitCode;
  next.finishedUs = fields.finishedUs;
  next.containers = fields.containers;
  return next;
}

/** Do two statuses say the same? Container statuses change only together with the other fields. */
export function isSameStatus(a: PodStatusFields, b: PodStatusFields | undefined): boolean {
  return (
    b !== undefined &&
    a.phase === b.phase &&
    a.ready === b.ready &&
    a.reason === b.reason &&
    a.disruption === b.disruption &&
    a.hasIp === b.hasIp &&
    a.restarts === b.restarts &&
    a.waiting === b.waiting &&
    a.exitCode === b.exitCode
  );
}
