// Which pods are a controller's: those that refer to it and match its selector. It lets go of pods that match no longer,
// and takes pods without a controller that do.
// Source: pkg/controller/controller_ref_manager.go (ClaimPods), 1.37.

import type { ApiClient, Informer } from '../../kube/api.ts';
import type { PodObject } from '../../kube/pod-object.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { matchesLabelSelector } from '../../kube/selector.ts';
import type { KubeObject, LabelSelector, OwnerReference } from '../../kube/types.ts';
import { call, type Steps } from '../sync.ts';
import { type ControllerHost, keyOfObject } from './controller.ts';
import type { Orphans } from './orphans.ts';
import type { OwnerReferences } from './pod-template.ts';

export interface PodClaimsOptions<T extends KubeObject> {
  readonly host: ControllerHost;
  readonly client: ApiClient;
  readonly owners: Informer<T>;
  readonly references: OwnerReferences;
  /** The same object as long as the selector stays the same. */
  readonly selectorOf: (owner: T) => LabelSelector;
  /** What else makes a pod the owner's; absent: nothing. */
  readonly isMember?: (owner: T, pod: PodObject) => boolean;
  readonly enqueue: (key: string) => void;
}

const NONE: readonly string[] = [];

export class PodClaims<T extends KubeObject> {
  readonly #options: PodClaimsOptions<T>;
  readonly #orphans: Orphans;
  /** Keys of the owners that may adopt orphans of a shape; void when an owner comes, goes or has another selector. */
  #adopters = new WeakMap<PodShape, readonly string[]>();

  constructor(options: PodClaimsOptions<T>) {
    const { host, owners, selectorOf } = options;
    this.#options = options;
    this.#orphans = host.orphans;
    const forget = () => {
      this.#adopters = new WeakMap();
    };
    owners.handle({
      added: forget,
      modified: (owner, old) => {
        if (selectorOf(owner) !== selectorOf(old)) forget();
      },
      deleted: forget,
    });
  }

  /** Enqueues whomever a new pod or a change of one concerns; answers the key of the pod's own controller. */
  heard(pod: PodObject, old?: PodObject): string | undefined {
    const { enqueue } = this.#options;
    const { owner } = pod;
    if (old?.owner && old.owner.uid !== owner?.uid) this.#enqueueOwner(old.owner);
    if (owner) return this.#enqueueOwner(owner);
    if (!old || old.identity !== pod.identity) for (const key of this.#adoptersOf(pod.shape)) enqueue(key);
    return undefined;
  }

  /**
   * Lets go and adopts, and answers the owner's pods among those that refer to it (and among orphans, if they are to be
   * looked at); undefined when a write failed.
   */
  *claim(owner: T, owned: readonly PodObject[]): Steps<readonly PodObject[] | undefined> {
    const isStray = this.#isStray(owner, owned);
    const kept = isStray ? yield* this.#release(owner, owned) : owned;
    if (!kept || owner.metadata.deletionTimestamp) return kept;
    const adopted = yield* this.#adopt(owner);
    return adopted && (adopted.length > 0 ? [...kept, ...adopted] : kept);
  }

  #enqueueOwner(reference: OwnerReference): string | undefined {
    const { owners, enqueue } = this.#options;
    if (reference.kind !== owners.kind) return undefined;
    const owner = owners.byUid(reference.uid);
    if (!owner) return undefined;
    const key = keyOfObject(owner);
    enqueue(key);
    return key;
  }

  #adoptersOf(shape: PodShape): readonly string[] {
    const { owners, selectorOf } = this.#options;
    if (owners.size === 0) return NONE;
    let keys = this.#adopters.get(shape);
    if (!keys) {
      keys = [...owners.inNamespace(shape.namespace)]
        .filter((owner) => matchesLabelSelector(selectorOf(owner), shape.labels))
        .map(keyOfObject);
      this.#adopters.set(shape, keys);
    }
    return keys;
  }

  /** Pods of one owner have few shapes, mostly one. */
  #isStray(owner: T, pods: readonly PodObject[]): boolean {
    let fine: PodShape | undefined;
    for (const pod of pods) {
      if (pod.shape === fine) continue;
      if (!this.#isMatch(owner, pod)) return true;
      fine = pod.shape;
    }
    return false;
  }

  #isMatch(owner: T, pod: PodObject): boolean {
    const { selectorOf, isMember } = this.#options;
    return matchesLabelSelector(selectorOf(owner), pod.shape.labels) && (isMember?.(owner, pod) ?? true);
  }

  *#release(owner: T, pods: readonly PodObject[]): Steps<readonly PodObject[] | undefined> {
    const kept: PodObject[] = [];
    for (const pod of pods) {
      if (this.#isMatch(owner, pod)) kept.push(pod);
      else if (!owner.metadata.deletionTimestamp && !(yield* this.#refer(pod, undefined))) return undefined;
    }
    return kept;
  }

  *#adopt(owner: T): Steps<readonly PodObject[] | undefined> {
    const { metadata } = owner;
    const all = this.#orphans.of(metadata.namespace ?? '', this.#options.selectorOf(owner));
    const wanted = all.filter((pod) => pod.active && this.#isMatch(owner, pod));
    if (wanted.length === 0) return wanted;
    if (!(yield* this.#isAlive(owner))) return undefined;
    for (const pod of wanted) {
      if (!(yield* this.#refer(pod, this.#options.references.to(owner)))) return undefined;
    }
    return wanted;
  }

  /** Asks the API itself: the informer may not have heard of the owner's end. */
  *#isAlive({ kind, metadata }: T): Steps<boolean> {
    const key = { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
    const { object } = yield* call<T>((reply) => this.#options.client.get(key, reply));
    return object?.metadata.uid === metadata.uid && !object?.metadata.deletionTimestamp;
  }

  /** Gives a pod its controller, or takes it away; a pod that is gone is nobody's concern. */
  *#refer(pod: PodObject, owner: OwnerReference | undefined): Steps<boolean> {
    const edit = (stored: PodObject) => stored.draft(stored.identity.changed({ owner }));
    const { error } = yield* call<PodObject>((reply) =>
      this.#options.client.patchPod(pod, edit, undefined, reply),
    );
    return !error || error.code === 404;
  }
}
