// A pod on its node and its containers: what has happened to them so far. The mechanisms are in the other files here.

import type { PodObject } from '../../kube/pod-object.ts';
import { CrashBackoff } from './crash-backoff.ts';
import { type ContainerPlan, type PodPlan, type ProbePlan, ROLE } from './pod-plan.ts';
import type { PodStatusFields } from './pod-status.ts';

export const STATE = { waiting: 0, running: 1, exited: 2 } as const;
export type State = (typeof STATE)[keyof typeof STATE];

/** What a pod's worker is busy with. */
export const STEP = { idle: 0, volumes: 1, sandbox: 2, starting: 3, killing: 4 } as const;
export type Step = (typeof STEP)[keyof typeof STEP];

export class ContainerRun {
  readonly worker: PodWorker;
  readonly plan: ContainerPlan;
  state: State = STATE.waiting;
  /** Why it is not started: ContainerCreating, CrashLoopBackOff, ErrImagePull, … */
  waitingReason: string;
  nStarts = 0;
  startedUs = 0;
  /** When the process ends by itself, as far as is known now; the kubelet sees it later. */
  exitUs = Infinity;
  exitCode = 0;
  /** Completed, Error, OOMKilled, … */
  exitReason = '';
  /** Its postStart hook has returned and its start-up probe has passed. */
  isStarted = false;
  isReady = false;
  /** When it will have used more memory than it may. */
  oomUs = Infinity;
  /** The program stops serving at this instant. */
  hangUs = Infinity;
  readonly crashBackoff = new CrashBackoff();
  /** The last sync that tried to start it. */
  triedIn = 0;
  /** Started in the sync under way: nobody has looked at it yet. */
  isNew = false;
  /** It was running before the simulation began, and has long been up. */
  isAdopted = false;
  /** A probe wants it dead; seconds of grace, undefined: the pod's. */
  condemnedBy: ProbePlan | undefined;
  /** Counts what is under way, so that a timer of an earlier attempt is not heard. */
  exitAttempt = 0;
  probeAttempt = 0;
  /** Processor time left until the end of its work, in microseconds at full speed; Infinity: it has no end. */
  workLeftUs = Infinity;

  constructor(worker: PodWorker, plan: ContainerPlan) {
    this.worker = worker;
    this.plan = plan;
    this.waitingReason = worker.plan.creatingReason;
  }

  get nRestarts(): number {
    return Math.max(0, this.nStarts - 1);
  }

  /** It ran and ended well. */
  get succeeded(): boolean {
    return this.state === STATE.exited && this.exitCode === 0;
  }
}

/** After a failed pull of an image for this pod. */
export interface PullBackoff {
  backoffUs: number;
  updatedUs: number;
}

/** Why and how a pod is brought to its end. */
export interface Ending {
  /** Whole seconds the containers get from `sinceUs` on. */
  graceSeconds: number;
  sinceUs: number;
  /** Replaces all grace, even the minimum. */
  readonly overrideSeconds?: number;
  /** What its status says in the end; absent: what the containers' exit codes say. */
  readonly reason?: string;
  readonly disruption?: string;
}

export class PodWorker {
  pod: PodObject;
  readonly plan: PodPlan;
  readonly nodeRow: number;
  readonly runs: readonly ContainerRun[];
  step: Step = STEP.idle;
  /** Counts what it is busy with, so that a timer of what was given up is not heard. */
  attempt = 0;
  /** Counts waits for a next sync in the same way. */
  resyncAttempt = 0;
  /** Counts syncs. */
  nSyncs = 0;
  /** Something happened while it was busy: it must sync again. */
  isDirty = false;
  /** The next sync that the one under way found necessary. */
  retryUs = Infinity;
  readonly pullBackoffs = new Map<string, PullBackoff>();
  /** Probe workers tick at this instant and whole periods later. */
  probeGridUs = 0;
  hasVolumes = false;
  hasSandbox = false;
  /** When the kubelet first saw the pod. */
  seenUs = 0;
  /** What the API was told last. */
  published: PodStatusFields | undefined;
  ending: Ending | undefined;
  /** When the last container will have ended, once it is ending; Infinity: nobody could be told to stop yet. */
  allExitedUs = 0;
  /** Its containers have ended for good, and its status says so. */
  isOver = false;
  /** Forced to be unready from outside. */
  isForcedUnready = false;
  /** Its volumes and files are being removed. */
  isCleaning = false;
  /** The pod is gone from the API; only its containers are left. */
  isDetached = false;
  /** Of all its containers' usage. */
  usageFactor = 1;

  constructor(pod: PodObject, plan: PodPlan, nodeRow: number) {
    this.pod = pod;
    this.plan = plan;
    this.nodeRow = nodeRow;
    this.runs = plan.containers.map((container) => new ContainerRun(this, container));
  }

  /** Does it run until somebody stops it? */
  get isLasting(): boolean {
    return this.plan.restartPolicy === 'Always' && this.pod.identity.runUs === undefined;
  }

  /** Do its init containers and sidecars allow the main containers to start? */
  get isInitialized(): boolean {
    for (let i = 0; i < this.plan.nInit; i++) {
      const run = this.runs[i]!;
      if (run.plan.role === ROLE.sidecar ? !run.isStarted : !run.succeeded) return false;
    }
    return true;
  }
}
