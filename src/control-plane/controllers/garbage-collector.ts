// Garbage collector: deletes what nobody owns any more, and holds owners back until their dependents are gone.
// Source: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go, 1.37.
// Deviations: a pod's only owner is its controller; new kinds are not discovered during the run.

import { hashString } from '../../base/hash.ts';
import type { ApiClient, PropagationPolicy } from '../../kube/api.ts';
import { KINDS } from '../../kube/kinds.ts';
import { isPod, type PodObject } from '../../kube/pod-object.ts';
import type { KubeObject, OwnerReference } from '../../kube/types.ts';
import { podNumber, podUid } from '../../kube/uid.ts';
import { FOREGROUND, ORPHAN } from '../pod-requests.ts';
import { call, type Steps, type Sync } from '../sync.ts';
import type { WorkQueue } from '../work-queue.ts';
import type { ControllerHost } from './controller.ts';

const NAME = 'generic-garbage-collector';
const N_WORKERS = 20;
/** An object takes two requests to delete, so the client may make twice as many. */
const QPS = 40;
const BURST = 30;

/** Anything with owners or dependents. */
type Item = PodObject | KubeObject;

interface Seen {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly OwnerReference[];
  readonly finalizers: readonly string[];
  readonly isTerminating: boolean;
}

const NO_OWNERS: readonly OwnerReference[] = [];

function see(item: Item): Seen {
  if (isPod(item)) {
    const { namespace, name, owner, finalizers, terminating } = item;
    return {
      kind: 'Pod',
      namespace,
      name,
      uid: podUid(item.uid),
      owners: owner ? [owner] : NO_OWNERS,
      finalizers,
      isTerminating: terminating,
    };
  }
  const {
    namespace = '',
    name = '',
    uid = '',
    ownerReferences = NO_OWNERS,
    finalizers = [],
    deletionTimestamp,
  } = item.metadata;
  return {
    kind: item.kind,
    namespace,
    name,
    uid,
    owners: ownerReferences,
    finalizers,
    isTerminating: deletionTimestamp !== undefined,
  };
}

/** In the order of a hash: the real one is that of a Go map, in which the oldest do not come first. */
function scattered(items: readonly Item[]): readonly Item[] {
  if (items.length < 2) return items;
  const keyed = items.map((item) => ({ item, hash: hashString(see(item).uid) }));
  return keyed.sort((a, b) => a.hash - b.hash).map(({ item }) => item);
}

export class GarbageCollector {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #toDelete: WorkQueue;
  readonly #toOrphan: WorkQueue;
  /** Newest version of every object but pods, and of the pods in question, by uid. */
  readonly #items = new Map<string, Item>();
  /** Dependents of each owner, pods apart (they have an index). */
  readonly #dependents = new Map<string, Set<string>>();
  /** Owners that a look-up has shown to be gone. */
  readonly #absent = new Set<string>();
  /** Some object belongs to a pod (a claim of a StatefulSet that goes with it). */
  #hasOwnedByPods = false;

  constructor(host: ControllerHost) {
    this.#host = host;
    this.#client = host.client(NAME, QPS, BURST);
    this.#toDelete = host.queue({ name: NAME, nWorkers: N_WORKERS }, (uid) => this.#attemptToDelete(uid));
    this.#toOrphan = host.queue({ name: `${NAME}-orphan`, nWorkers: N_WORKERS }, (uid) =>
      this.#attemptToOrphan(uid),
    );
    host.onStop(() => {
      this.#items.clear();
      this.#dependents.clear();
      this.#absent.clear();
    });
    for (const { kind, isModelled } of KINDS) {
      if (!isModelled || kind === 'Pod' || kind === 'Event') continue;
      const put = (object: KubeObject) => this.#put(object);
      host.informer(kind).handle({ added: put, modified: put, deleted: (object) => this.#gone(object) });
    }
    host.pods.handle({
      added: (pod) => this.#onPod(pod),
      modified: (pod, old) => pod.finalizers !== old.finalizers && this.#onPod(pod),
      deleted: (pod) => this.#onPodGone(pod),
    });
  }

  /** Pods are kept only when there is something to do about them. */
  #onPod(pod: PodObject): void {
    const { owner, finalizers, terminating } = pod;
    const isOrphan = owner !== undefined && !this.#items.has(owner.uid);
    if (isOrphan || (terminating && finalizers.length > 0)) this.#put(pod);
  }

  /** Pods are many and seldom own anything. */
  #onPodGone(pod: PodObject): void {
    const owner = pod.owner && this.#items.get(pod.owner.uid);
    const isAwaited = owner !== undefined && this.#isWaiting(see(owner));
    if (isAwaited || this.#hasOwnedByPods || pod.finalizers.length > 0) this.#gone(pod);
    else if (pod.owner) this.#items.delete(podUid(pod.uid));
  }

  #put(item: Item): void {
    const seen = see(item);
    const known = this.#items.get(seen.uid);
    this.#items.set(seen.uid, item);
    if (!known) for (const owner of seen.owners) this.#link(owner.uid, seen.uid);
    else this.#relink(see(known), seen);
    if (seen.isTerminating && seen.finalizers.includes(ORPHAN)) this.#toOrphan.add(seen.uid);
    if (seen.isTerminating && seen.finalizers.includes(FOREGROUND)) this.#startForeground(seen);
    const isOwnerless = (owner: OwnerReference) => !this.#items.has(owner.uid);
    if (seen.owners.some(isOwnerless)) this.#toDelete.add(seen.uid);
  }

  #relink(before: Seen, after: Seen): void {
    if (before.owners === after.owners) return;
    for (const { uid } of before.owners) this.#dependents.get(uid)?.delete(after.uid);
    for (const { uid } of after.owners) this.#link(uid, after.uid);
  }

  #link(owner: string, dependent: string): void {
    if (podNumber(owner) !== undefined) this.#hasOwnedByPods = true;
    const known = this.#dependents.get(owner);
    if (known) known.add(dependent);
    else this.#dependents.set(owner, new Set([dependent]));
  }

  #gone(item: Item): void {
    const { uid, owners } = see(item);
    this.#items.delete(uid);
    this.#absent.add(uid);
    for (const owner of owners) {
      this.#dependents.get(owner.uid)?.delete(uid);
      const waiting = this.#items.get(owner.uid);
      if (waiting && this.#isWaiting(see(waiting))) this.#toDelete.add(owner.uid);
    }
    for (const dependent of scattered(this.#dependentsOf(uid))) {
      this.#items.set(see(dependent).uid, dependent);
      this.#toDelete.add(see(dependent).uid);
    }
    if (isPod(item)) return;
    this.#dependents.delete(uid);
  }

  #dependentsOf(uid: string): Item[] {
    const pods = this.#host.podsByOwner.list(uid);
    const listed = new Set(pods.map((pod) => podUid(pod.uid)));
    const others = [...(this.#dependents.get(uid) ?? [])].filter((own) => !listed.has(own));
    return [...pods, ...others.flatMap((own) => this.#items.get(own) ?? [])];
  }

  /** Deleted in the foreground: it goes when its blocking dependents are gone. */
  #isWaiting(seen: Seen): boolean {
    return seen.isTerminating && seen.finalizers.includes(FOREGROUND);
  }

  #startForeground(seen: Seen): void {
    for (const dependent of scattered(this.#dependentsOf(seen.uid))) {
      this.#items.set(see(dependent).uid, dependent);
      if (this.#blocks(dependent, seen.uid)) this.#toDelete.add(see(dependent).uid);
    }
    this.#toDelete.add(seen.uid);
  }

  #blocks(dependent: Item, owner: string): boolean {
    return see(dependent).owners.some(
      ({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true,
    );
  }

  /** The newest version known of an item; pods come from their informer. */
  #current(uid: string): Item | undefined {
    const item = this.#items.get(uid);
    return isPod(item) ? this.#host.pods.current(item) : item;
  }

  *#attemptToDelete(uid: string): Sync {
    const item = this.#current(uid);
    if (!item) return true;
    const seen = see(item);
    if (seen.isTerminating) return this.#isWaiting(seen) ? yield* this.#finishForeground(seen) : true;
    if (seen.owners.length === 0) return true;
    const live = yield* call((reply) => this.#client.get(this.#keyOf(seen), reply));
    if (live.error) return live.error.code === 404;
    const { solid, waiting, dangling } = yield* this.#classify(seen);
    if (solid.length > 0)
      return dangling.length + waiting.length === 0 || (yield* this.#strip(item, [...dangling, ...waiting]));
    const isForeground = waiting.length > 0 && this.#dependentsOf(uid).length > 0;
    return yield* this.#delete(item, isForeground ? 'Foreground' : this.#policyOf(seen));
  }

  #policyOf({ finalizers }: Seen): PropagationPolicy {
    if (finalizers.includes(ORPHAN)) return 'Orphan';
    return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
  }

  #keyOf({ kind, namespace, name }: Seen) {
    return namespace ? { kind, namespace, name } : { kind, name };
  }

  /** Owners that exist, that wait for their dependents, and that are gone (looked up past the cache). */
  *#classify(seen: Seen): Steps<{ solid: string[]; waiting: string[]; dangling: string[] }> {
    const found = { solid: [] as string[], waiting: [] as string[], dangling: [] as string[] };
    for (const owner of seen.owners) {
      if (this.#absent.has(owner.uid)) {
        found.dangling.push(owner.uid);
        continue;
      }
      const key = { kind: owner.kind, namespace: seen.namespace, name: owner.name };
      const { object } = yield* call<KubeObject>((reply) => this.#client.get(key, reply));
      const isThere = object !== undefined && object.metadata.uid === owner.uid;
      if (!isThere) this.#absent.add(owner.uid);
      const list = !isThere ? found.dangling : this.#isWaiting(see(object)) ? found.waiting : found.solid;
      list.push(owner.uid);
    }
    return found;
  }

  *#delete(item: Item, propagation: PropagationPolicy): Steps<boolean> {
    const { uid } = see(item);
    const options = { propagation, uid };
    const { error } = isPod(item)
      ? yield* call<PodObject>((reply) => this.#client.deletePod(item, options, reply))
      : yield* call<KubeObject>((reply) => this.#client.delete(this.#keyOf(see(item)), options, reply));
    return !error || error.code === 404 || error.code === 409;
  }

  /** Takes owners out of an object's references. */
  *#strip(item: Item, owners: readonly string[]): Steps<boolean> {
    const strip = (object: KubeObject): KubeObject => {
      const ownerReferences = (object.metadata.ownerReferences ?? []).filter(
        ({ uid }) => !owners.includes(uid),
      );
      return { ...object, metadata: { ...object.metadata, ownerReferences } };
    };
    const { error } = yield* call<KubeObject>((reply) =>
      this.#client.patch(this.#keyOf(see(item)), strip, undefined, reply),
    );
    return !error || error.code === 404;
  }

  *#removeFinalizer(seen: Seen, finalizer: string): Steps<boolean> {
    const remove = (object: KubeObject): KubeObject => {
      const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
      return { ...object, metadata: { ...object.metadata, finalizers } };
    };
    const { error } = yield* call<KubeObject>((reply) =>
      this.#client.patch(this.#keyOf(seen), remove, undefined, reply),
    );
    return !error || error.code === 404;
  }

  *#finishForeground(seen: Seen): Sync {
    const blocking = this.#dependentsOf(seen.uid).filter((item) => this.#blocks(item, seen.uid));
    if (blocking.length === 0) return yield* this.#removeFinalizer(seen, FOREGROUND);
    for (const item of blocking) if (!see(item).isTerminating) this.#toDelete.add(see(item).uid);
    return true;
  }

  *#attemptToOrphan(uid: string): Sync {
    const item = this.#current(uid);
    if (!item || !see(item).finalizers.includes(ORPHAN)) return true;
    for (const dependent of this.#dependentsOf(uid))
      if (!(yield* this.#strip(dependent, [uid]))) return false;
    return yield* this.#removeFinalizer(see(item), ORPHAN);
  }
}
