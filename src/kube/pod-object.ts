// A pod as the API serves it: an identity for life, and one flat record per version. Versions are never changed; a
// write makes a new one, and every watcher holds the version it has heard of.
// Deviations: conditions, container states and times are summarised in fields; `toManifest` writes them out as
// Kubernetes does. What differs between the pods of one template but matters to few readers is not in the shape
// (so that such pods share it): the node that a DaemonSet's pod is pinned to, and a Job's completion index.

import type { PodName } from './pod-name.ts';
import type { PodShape } from './pod-shape.ts';
import { runDurationUs } from './run-duration.ts';
import type { ContainerStatus, OwnerReference, PodPhase } from './types.ts';

export type PodScheduledReason = '' | 'Unschedulable' | 'SchedulerError' | 'SchedulingGated';

export const NO_FINALIZERS: readonly string[] = Object.freeze([]);
export const JOB_TRACKING: readonly string[] = Object.freeze(['batch.kubernetes.io/job-tracking']);

/** What a new pod is made from. */
export interface PodInit {
  readonly shape: PodShape;
  /** The name, or where it is absent `generateName` and five letters. */
  readonly name?: PodName;
  readonly generateName?: string;
  /** The controller; one object shared by all its pods. */
  readonly owner?: OwnerReference;
  /** Completion index of an Indexed Job's pod or ordinal of a StatefulSet's pod. */
  readonly index?: number;
  /** Required node affinity `metadata.name In [pinnedNode]`, as a DaemonSet's pods have it; not in the shape. */
  readonly pinnedNode?: string;
  /** Bound from birth (a static pod, a DaemonSet's pod of old releases); else `shape.spec.nodeName` counts. */
  readonly nodeName?: string;
  /** How long the containers run once started; Infinity: until somebody stops them; absent: as annotated, or as the node's model says. */
  readonly runUs?: number;
  /** What the pod belongs to in reports. */
  readonly group?: string | undefined;
  readonly finalizers?: readonly string[];
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const N_SUFFIXES = 27 ** 5;

/** Five letters as Kubernetes appends them to generated names; no two numbers below 27^5 give the same. */
export function nameSuffix(number: number): string {
  let left = ((number % N_SUFFIXES) * 5_308_417 + 104_729) % N_SUFFIXES;
  let out = number >= N_SUFFIXES ? `${Math.floor(number / N_SUFFIXES)}` : '';
  for (let letterIdx = 0; letterIdx < 5; letterIdx++) {
    out += LETTERS[left % 27];
    left = Math.floor(left / 27);
  }
  return out;
}

/** What a pod keeps for life. A relabelled or adopted pod gets a new identity object with the same uid and slot. */
export class PodIdentity {
  /** Counts pods in the order of their creation, from 1; never reused. */
  readonly uid: number;
  /** Row of the pod in tables: dense, used again when the pod is gone (the uid tells the two apart). */
  readonly slot: number;
  readonly shape: PodShape;
  readonly owner: OwnerReference | undefined;
  readonly createdUs: number;
  /** Completion index or ordinal, -1 for none. */
  readonly index: number;
  /** The only node that will do, '' for any. */
  readonly pinnedNode: string;
  readonly runUs: number | undefined;
  readonly group: string | undefined;
  /** The name that was asked for; undefined: the server makes one up. */
  readonly givenName: PodName | undefined;
  readonly #generateName: string;
  #name: string | undefined;

  constructor(init: PodInit, shape: PodShape, uid: number, slot: number, createdUs: number) {
    this.uid = uid;
    this.slot = slot;
    this.shape = shape;
    this.owner = init.owner;
    this.createdUs = createdUs;
    this.index = init.index ?? -1;
    this.pinnedNode = init.pinnedNode ?? '';
    this.runUs = init.runUs ?? runDurationUs(shape.annotations);
    this.group = init.group;
    this.givenName = init.name;
    this.#generateName = init.generateName ?? 'pod-';
  }

  /** Generated and numbered names are only made when somebody reads them. */
  get name(): string {
    return (this.#name ??= this.givenName?.toString() ?? this.#generateName + nameSuffix(this.uid));
  }

  /** The same pod with other labels or another controller. */
  changed(changes: { readonly shape?: PodShape; readonly owner?: OwnerReference | undefined }): PodIdentity {
    const shape = changes.shape ?? this.shape;
    const init: PodInit = {
      shape,
      ...(this.givenName === undefined ? { generateName: this.#generateName } : { name: this.givenName }),
      index: this.index,
      pinnedNode: this.pinnedNode,
      ...('owner' in changes
        ? changes.owner && { owner: changes.owner }
        : this.owner && { owner: this.owner }),
      ...(this.runUs !== undefined && { runUs: this.runUs }),
      ...(this.group !== undefined && { group: this.group }),
    };
    return new PodIdentity(init, shape, this.uid, this.slot, this.createdUs);
  }
}

/** What most pods have nothing in. Versions that agree in all of it share one record, so that a write copies little. */
interface Rest {
  readonly nominatedNodeName: string;
  /** status.reason: Evicted, OutOfcpu, DeadlineExceeded, …; '' for none. */
  readonly reason: string;
  /** Reason of PodScheduled=False. */
  readonly scheduledReason: PodScheduledReason;
  readonly scheduledMessage: string;
  /** Reason of DisruptionTarget=True (PreemptionByScheduler, DeletionByTaintManager, …); '' for none. */
  readonly disruption: string;
  /** The deletionTimestamp is `deletionUs` plus this. */
  readonly graceSeconds: number;
  /** Of all containers. */
  readonly restarts: number;
  /** Of the container with most. */
  readonly restartsMax: number;
  /** Reason of the first waiting container: ContainerCreating, CrashLoopBackOff, ErrImagePull, …; '' for none. */
  readonly waiting: string;
  /** Of the container that failed the pod, 0 otherwise. */
  readonly exitCode: number;
  /** Container states in detail where a component keeps them; else they follow from the other fields. */
  readonly containers: readonly ContainerStatus[] | undefined;
  readonly finalizers: readonly string[];
}

const NOTHING: Rest = Object.freeze({
  nominatedNodeName: '',
  reason: '',
  scheduledReason: '',
  scheduledMessage: '',
  disruption: '',
  graceSeconds: 0,
  restarts: 0,
  restartsMax: 0,
  waiting: '',
  exitCode: 0,
  containers: undefined,
  finalizers: NO_FINALIZERS,
});
const GATED: Rest = Object.freeze({
  ...NOTHING,
  scheduledReason: 'SchedulingGated',
  scheduledMessage: 'Scheduling is blocked due to non-empty scheduling gates',
});

/** A version while it is made; whoever else holds one has it as a `PodObject`. What it does not set it shares with its origin. */
export class PodVersion {
  readonly identity: PodIdentity;
  /** Revision of the write that made this version; 0 in a draft. */
  resourceVersion: number;
  /** '' until bound. */
  nodeName: string;
  /**
   * Number of `nodeName` among the nodes' names that the API server has met, by which programs find what they know of the
   * node without a look-up by name; -1 until bound.
   */
  nodeNumber: number;
  phase: PodPhase;
  /** The Ready condition is True. */
  ready: boolean;
  hasIp: boolean;
  /** Last transition of the Ready condition; undefined while there is no such condition. */
  readyChangedUs: number | undefined;
  /** When the pod was bound. */
  scheduledUs: number | undefined;
  /** When deletion was asked for; the deletionTimestamp is this plus `graceSeconds`. */
  deletionUs: number | undefined;
  /** The kubelet has seen the pod (status.startTime). */
  startUs: number | undefined;
  /** The last container ended: the pod is Succeeded or Failed. */
  finishedUs: number | undefined;
  #rest: Rest;

  /** A new pod, or with `from` a version with the same content. */
  constructor(
    identity: PodIdentity,
    init: PodInit | undefined,
    from: PodVersion | undefined,
    resourceVersion: number,
  ) {
    this.identity = identity;
    this.resourceVersion = resourceVersion;
    this.nodeName = from ? from.nodeName : (init?.nodeName ?? identity.shape.spec.nodeName ?? '');
    this.nodeNumber = from ? from.nodeNumber : -1;
    this.phase = from ? from.phase : 'Pending';
    this.ready = from ? from.ready : false;
    this.hasIp = from ? from.hasIp : false;
    this.readyChangedUs = from ? from.readyChangedUs : undefined;
    this.scheduledUs = from ? from.scheduledUs : undefined;
    this.deletionUs = from ? from.deletionUs : undefined;
    this.startUs = from ? from.startUs : undefined;
    this.finishedUs = from ? from.finishedUs : undefined;
    this.#rest = from ? from.#rest : restOf(identity, init);
  }

  get nominatedNodeName(): string {
    return this.#rest.nominatedNodeName;
  }
  set nominatedNodeName(nominatedNodeName: string) {
    if (nominatedNodeName !== this.#rest.nominatedNodeName) this.#rest = { ...this.#rest, nominatedNodeName };
  }
  get reason(): string {
    return this.#rest.reason;
  }
  set reason(reason: string) {
    if (reason !== this.#rest.reason) this.#rest = { ...this.#rest, reason };
  }
  get scheduledReason(): PodScheduledReason {
    return this.#rest.scheduledReason;
  }
  set scheduledReason(scheduledReason: PodScheduledReason) {
    if (scheduledReason !== this.#rest.scheduledReason) this.#rest = { ...this.#rest, scheduledReason };
  }
  get scheduledMessage(): string {
    return this.#rest.scheduledMessage;
  }
  set scheduledMessage(scheduledMessage: string) {
    if (scheduledMessage !== this.#rest.scheduledMessage) this.#rest = { ...this.#rest, scheduledMessage };
  }
  get disruption(): string {
    return this.#rest.disruption;
  }
  set disruption(disruption: string) {
    if (disruption !== this.#rest.disruption) this.#rest = { ...this.#rest, disruption };
  }
  get graceSeconds(): number {
    return this.#rest.graceSeconds;
  }
  set graceSeconds(graceSeconds: number) {
    if (graceSeconds !== this.#rest.graceSeconds) this.#rest = { ...this.#rest, graceSeconds };
  }
  get restarts(): number {
    return this.#rest.restarts;
  }
  set restarts(restarts: number) {
    if (restarts !== this.#rest.restarts) this.#rest = { ...this.#rest, restarts };
  }
  get restartsMax(): number {
    return this.#rest.restartsMax;
  }
  set restartsMax(restartsMax: number) {
    if (restartsMax !== this.#rest.restartsMax) this.#rest = { ...this.#rest, restartsMax };
  }
  get waiting(): string {
    return this.#rest.waiting;
  }
  set waiting(waiting: string) {
    if (waiting !== this.#rest.waiting) this.#rest = { ...this.#rest, waiting };
  }
  get exitCode(): number {
    return this.#rest.exitCode;
  }
  set exitCode(exitCode: number) {
    if (exitCode !== this.#rest.exitCode) this.#rest = { ...this.#rest, exitCode };
  }
  get containers(): readonly ContainerStatus[] | undefined {
    return this.#rest.containers;
  }
  set containers(containers: readonly ContainerStatus[] | undefined) {
    if (containers !== this.#rest.containers) this.#rest = { ...this.#rest, containers };
  }
  get finalizers(): readonly string[] {
    return this.#rest.finalizers;
  }
  set finalizers(finalizers: readonly string[]) {
    if (finalizers !== this.#rest.finalizers) this.#rest = { ...this.#rest, finalizers };
  }

  get uid(): number {
    return this.identity.uid;
  }
  get slot(): number {
    return this.identity.slot;
  }
  get name(): string {
    return this.identity.name;
  }
  get namespace(): string {
    return this.identity.shape.namespace;
  }
  get shape(): PodShape {
    return this.identity.shape;
  }
  get owner(): OwnerReference | undefined {
    return this.identity.owner;
  }
  get createdUs(): number {
    return this.identity.createdUs;
  }
  get terminating(): boolean {
    return this.deletionUs !== undefined;
  }
  /** Succeeded or Failed. */
  get terminal(): boolean {
    return this.phase === 'Succeeded' || this.phase === 'Failed';
  }
  /** Neither terminal nor being deleted: what controllers count as a replica. */
  get active(): boolean {
    return this.deletionUs === undefined && !this.terminal;
  }

  /** A version to fill in: `const next = pod.draft(); next.phase = 'Running'; return next;` */
  draft(identity = this.identity): PodDraft {
    return new PodVersion(identity, undefined, this, 0);
  }
}

function restOf({ shape }: PodIdentity, init: PodInit | undefined): Rest {
  const rest = (shape.spec.schedulingGates?.length ?? 0) > 0 ? GATED : NOTHING;
  return init?.finalizers ? { ...rest, finalizers: init.finalizers } : rest;
}

/** One version of a pod. All times in microseconds of virtual time; the API's whole seconds are cut by the reader. */
export type PodObject = Readonly<PodVersion>;

/** Tells pods from objects of other kinds. */
export function isPod(object: object | undefined): object is PodObject {
  return object instanceof PodVersion;
}

/** A version that no one else has seen yet. */
export type PodDraft = PodVersion;
