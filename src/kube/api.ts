// The API as components see it: clients that ask for writes, and informers that hear of them. Components meet only
// here. All of it is asynchronous in virtual time: a call returns at once, the reply comes later, and each informer
// hears of the write after a delay of its own. Nothing is ever called back before the call returned.
//
// Objects are immutable versions. Kinds other than Pod are plain Kubernetes JSON whose metadata has name, uid,
// resourceVersion, creationTimestamp and generation filled in; pods are PodObject.
// Deviation: kinds are told apart by `kind` alone (one version each).

import type { PodInit, PodObject } from './pod-object.ts';
import type { KubeObject } from './types.ts';
import type { WallClock } from './wall-clock.ts';

/** Why a request failed, with the HTTP status and reason of the real API server. */
export interface ApiError {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** Retry-After, where the server gives one. */
  readonly retryAfterUs?: number;
}

/**
 * Hears the outcome of a request: exactly one of `error` and `object` is set (a deleted object's last version).
 * `tag` is what the caller passed. Make one function per purpose and use it for all calls: calls then need no closure.
 */
export type Reply<T, Tag = unknown> = (error: ApiError | undefined, object: T | undefined, tag: Tag) => void;

/**
 * A change worked out by the server on the version it holds (what a patch does: it never conflicts). Returns `object`
 * itself for "nothing to change": no write, no event. Must be pure; `nowUs` is the time of the write.
 */
export type Edit<T, Arg = unknown> = (object: T, nowUs: number, arg: Arg) => T;

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  readonly propagation?: PropagationPolicy;
  /** Pods: overrides the pod's own grace period; 0 removes the object at once. */
  readonly graceSeconds?: number;
  /** Refuse (409) unless the object still has this uid. */
  readonly uid?: string;
}

export interface ClientOptions {
  /** Who asks, as in `deployment-controller`; also the name of the priority level's flow. */
  readonly name: string;
  /** Requests per second and burst of the client's own limiter; absent: unlimited. */
  readonly qps?: number;
  readonly burst?: number;
  /**
   * Requests that fail because no API server or no majority of etcd can be reached (503, 504) are sent again after this
   * time, as a kubelet's status manager does; absent: the reply tells the caller.
   */
  readonly retryUs?: number;
  /** Hears at once of requests that failed and whose sender did not ask for a reply. */
  readonly refused?: (target: unknown, error: ApiError, nowUs: number) => void;
}

/** Sends requests through one rate limiter. `reply` and `tag` may be left out when nobody needs to know. */
export interface ApiClient {
  readonly name: string;

  createPod<Tag>(init: PodInit, reply?: Reply<PodObject, Tag>, tag?: Tag): void;
  /** 409 when the pod is bound already or being deleted, 404 when it is gone. */
  bindPod<Tag>(pod: PodObject, nodeName: string, reply?: Reply<PodObject, Tag>, tag?: Tag): void;
  /** 404 when this very pod (by uid) is gone. */
  patchPod<Arg, Tag>(
    pod: PodObject,
    edit: Edit<PodObject, Arg>,
    arg: Arg,
    reply?: Reply<PodObject, Tag>,
    tag?: Tag,
  ): void;
  /** The same through the status subresource (told apart in the counters only). */
  patchPodStatus<Arg, Tag>(
    pod: PodObject,
    edit: Edit<PodObject, Arg>,
    arg: Arg,
    reply?: Reply<PodObject, Tag>,
    tag?: Tag,
  ): void;
  /** Deletes this very pod (by uid): a deletion timestamp first, removal when the grace period is 0 or it never got a node. */
  deletePod<Tag>(pod: PodObject, options?: DeleteOptions, reply?: Reply<PodObject, Tag>, tag?: Tag): void;
  /** The eviction subresource: 429 when a PodDisruptionBudget has nothing left, 500 when several match. */
  evictPod<Tag>(pod: PodObject, options?: DeleteOptions, reply?: Reply<PodObject, Tag>, tag?: Tag): void;

  /** Takes pods too, as manifests. 409 when the name is taken, 403 from admission, 422 when invalid. */
  create<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void;
  /** Replaces spec and metadata; 409 unless `object` carries the current resourceVersion (or none). Not for pods. */
  update<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void;
  /** Replaces the status only. Not for pods. */
  updateStatus<T extends KubeObject, Tag>(object: T, reply?: Reply<T, Tag>, tag?: Tag): void;
  /** Of pods only by manifest: `edit` gets and returns the manifest, of which labels, annotations, tolerations, images … count. */
  patch<T extends KubeObject, Arg, Tag>(
    target: ObjectKey,
    edit: Edit<T, Arg>,
    arg: Arg,
    reply?: Reply<T, Tag>,
    tag?: Tag,
  ): void;
  patchStatus<T extends KubeObject, Arg, Tag>(
    target: ObjectKey,
    edit: Edit<T, Arg>,
    arg: Arg,
    reply?: Reply<T, Tag>,
    tag?: Tag,
  ): void;
  /** Any kind, pods by name included. */
  delete<Tag>(target: ObjectKey, options?: DeleteOptions, reply?: Reply<KubeObject, Tag>, tag?: Tag): void;
  /** All objects of a kind in a namespace, in one request; answers nothing but an error. */
  deleteCollection<Tag>(
    target: { readonly kind: string; readonly namespace: string },
    options?: DeleteOptions,
    reply?: Reply<undefined, Tag>,
    tag?: Tag,
  ): void;
  /** A live read, past all caches. */
  get<T extends KubeObject, Tag>(target: ObjectKey, reply: Reply<T, Tag>, tag?: Tag): void;

  /**
   * From `firstUs` on the node's lease is renewed every `periodUs` until `endLease`. Renewals are so frequent that they
   * are not single events: each counts as a write, and `ApiProcess.leases` answers as if each had been watched.
   */
  renewLease(node: string, firstUs: number, periodUs: number): void;
  /** The kubelet has stopped (or cannot reach the API): no renewal from now on. */
  endLease(node: string): void;

  /** Writes an Event object about something (counted and shown to observers, not stored). */
  recordEvent(
    about: PodObject | KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message?: string,
  ): void;
}

/** Names an object; `namespace` is absent (or '') for cluster-scoped kinds. */
export interface ObjectKey {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Hears changes in the order of their commits. `old` is the version this informer held until now. */
export interface WatchHandler<T> {
  added(object: T): void;
  modified(object: T, old: T): void;
  deleted(object: T): void;
  /** After the last change of a batch that arrived together. */
  settled?(): void;
}

/** A component's own view of one kind, fed by its watch; it lags behind the API by the delivery delay. */
export interface Informer<T extends KubeObject = KubeObject> {
  readonly kind: string;
  /** The first list has arrived; handlers hear nothing before. */
  readonly isSynced: boolean;
  readonly size: number;
  /** Handlers are called in the order in which they were added; one added later hears `added` for all that is there. */
  handle(handler: WatchHandler<T>): void;
  get(namespace: string, name: string): T | undefined;
  byUid(uid: string): T | undefined;
  /** In order of first appearance. */
  values(): IterableIterator<T>;
  inNamespace(namespace: string): Iterable<T>;
  /** The objects whose controller has this uid. */
  ownedBy(uid: string): Iterable<T>;
  /** Newest revision heard of any object of the kind. */
  readonly resourceVersion: number;
}

/** The same for pods, with tables by slot instead of names. */
export interface PodInformer {
  readonly isSynced: boolean;
  readonly size: number;
  handle(handler: WatchHandler<PodObject>): void;
  /** The version this informer holds of that very pod; undefined when it has heard of its end (or not yet of its birth). */
  current(pod: { readonly slot: number; readonly uid: number }): PodObject | undefined;
  /** The version it holds of whatever pod has the slot. */
  at(slot: number): PodObject | undefined;
  /** Slow (walks names); for commands of users. */
  byName(namespace: string, name: string): PodObject | undefined;
  forEach(visit: (pod: PodObject) => void): void;
  /** An index by a text of your choice ('' = not in it), made once and kept up to date. */
  index(name: string, keyOf: (pod: PodObject) => string): PodIndex;
  readonly resourceVersion: number;
}

/** Pods by key; the order within a key is unspecified but reproducible. */
export interface PodIndex {
  count(key: string): number;
  forEach(key: string, visit: (pod: PodObject) => void): void;
  list(key: string): PodObject[];
}

export interface PodWatchOptions {
  /** Field selector: pods that stop passing are heard as deleted, those that begin to pass as added. */
  readonly select?: (pod: PodObject) => boolean;
}

/** What a process knows of the nodes' leases (kube-node-lease). */
export interface LeaseView {
  /** The newest renewal this process has heard of, undefined for none. */
  renewedUs(node: string): number | undefined;
  /** How long a renewal takes to be heard of. */
  readonly hearUs: number;
  /** The nodes whose leases may fail to be renewed in time; all others are renewed until further notice. */
  lapsed(): Iterable<string>;
}

/**
 * One running program: kube-scheduler, kube-controller-manager, all kubelets together, kubectl. Its clients each have
 * a limiter of their own; its informers are shared by everything inside it. Open informers before the run starts.
 */
export interface ApiProcess {
  readonly name: string;
  readonly clock: WallClock;
  client(options: ClientOptions): ApiClient;
  /** The first call opens the watch; later calls give the same informer. */
  informer<T extends KubeObject>(kind: string): Informer<T>;
  /** One per process; `options` count at the first call. */
  pods(options?: PodWatchOptions): PodInformer;
  readonly leases: LeaseView;
  readonly isRunning: boolean;
  /** The process dies: replies and deliveries to it are dropped, its informers forget. */
  stop(): void;
  /** It starts again with empty informers and lists everything: handlers hear `added` for all that is there. */
  start(): void;
}

/** The API of one cluster. */
export interface Api {
  readonly clock: WallClock;
  process(name: string): ApiProcess;
}
