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

const GATED = 'Scheduling is blocked due to non-empty scheduling gates';

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

/** One version of a pod. All times in microseconds of virtual time; the API's whole seconds are cut by the reader. */
export class PodObject {
  readonly identity: PodIdentity;
  /** Revision of the write that made this version; 0 in a draft. */
  readonly resourceVersion: number;
  /** '' until bound. */
  readonly nodeName: string;
  /**
   * Number of `nodeName` among the nodes' names that the API server has met, by which programs find what they know of the
   * node without a look-up by name; -1 until bound.
   */
  readonly nodeNumber: number;
  readonly nominatedNodeName: string;
  readonly phase: PodPhase;
  /** status.reason: Evicted, OutOfcpu, DeadlineExceeded, …; '' for none. */
  readonly reason: string;
  /** The Ready condition is True. */
  readonly ready: boolean;
  /** Last transition of the Ready condition; undefined while there is no such condition. */
  readonly readyChangedUs: number | undefined;
  /** When the pod was bound. */
  readonly scheduledUs: number | undefined;
  /** Reason of PodScheduled=False. */
  readonly scheduledReason: PodScheduledReason;
  readonly scheduledMessage: string;
  /** Reason of DisruptionTarget=True (PreemptionByScheduler, DeletionByTaintManager, …); '' for none. */
  readonly disruption: string;
  /** When deletion was asked for; the deletionTimestamp is this plus `graceSeconds`. */
  readonly deletionUs: number | undefined;
  readonly graceSeconds: number;
  /** The kubelet has seen the pod (status.startTime). */
  readonly startUs: number | undefined;
  /** The last container ended: the pod is Succeeded or Failed. */
  readonly finishedUs: number | undefined;
  readonly hasIp: boolean;
  /** Restarts of all containers, and of the one with most. */
  readonly restarts: number;
  readonly restartsMax: number;
  /** Reason of the first waiting container: ContainerCreating, CrashLoopBackOff, ErrImagePull, …; '' for none. */
  readonly waiting: string;
  /** Exit code of the container that failed the pod, 0 otherwise. */
  readonly exitCode: number;
  /** Container states in detail where a component keeps them; else they follow from the fields above. */
  readonly containers: readonly ContainerStatus[] | undefined;
  readonly finalizers: readonly string[];

  /** A new pod, or with `from` a version with the same content. */
  constructor(
    identity: PodIdentity,
    init: PodInit | undefined,
    from: PodObject | undefined,
    resourceVersion: number,
  ) {
    this.identity = identity;
    this.resourceVersion = resourceVersion;
    this.nodeName = from ? from.nodeName : (init?.nodeName ?? identity.shape.spec.nodeName ?? '');
    this.nodeNumber = from ? from.nodeNumber : -1;
    this.nominatedNodeName = from ? from.nominatedNodeName : '';
    this.phase = from ? from.phase : 'Pending';
    this.reason = from ? from.reason : '';
    this.ready = from ? from.ready : false;
    this.readyChangedUs = from ? from.readyChangedUs : undefined;
    this.scheduledUs = from ? from.scheduledUs : undefined;
    const isGated = !from && (identity.shape.spec.schedulingGates?.length ?? 0) > 0;
    this.scheduledReason = from ? from.scheduledReason : isGated ? 'SchedulingGated' : '';
    this.scheduledMessage = from ? from.scheduledMessage : isGated ? GATED : '';
    this.disruption = from ? from.disruption : '';
    this.deletionUs = from ? from.deletionUs : undefined;
    this.graceSeconds = from ? from.graceSeconds : 0;
    this.startUs = from ? from.startUs : undefined;
    this.finishedUs = from ? from.finishedUs : undefined;
    this.hasIp = from ? from.hasIp : false;
    this.restarts = from ? from.restarts : 0;
    this.restartsMax = from ? from.restartsMax : 0;
    this.waiting = from ? from.waiting : '';
    this.exitCode = from ? from.exitCode : 0;
    this.containers = from ? from.containers : undefined;
    this.finalizers = from ? from.finalizers : (init?.finalizers ?? NO_FINALIZERS);
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
    return new PodObject(identity, undefined, this, 0);
  }
}

/** A version that no one else has seen yet. */
export type PodDraft = { -readonly [K in keyof PodObject]: PodObject[K] };
