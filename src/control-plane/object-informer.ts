// A process's own view of one kind other than Pod, with tables by name, uid, namespace and controller.

import type { Informer, WatchHandler } from '../kube/api.ts';
import { controllerOf } from '../kube/controller-of.ts';
import type { KubeObject } from '../kube/types.ts';
import { keyOf, type ObjectStore, objectKey } from './object-store.ts';
import { type WatchDelivery, WatchReader } from './watch-delivery.ts';

/** Objects by a text, in order of first appearance; a group that runs empty is dropped. */
class Groups {
  readonly #groups = new Map<string, Map<string, KubeObject>>();

  of(group: string): Iterable<KubeObject> {
    return this.#groups.get(group)?.values() ?? [];
  }

  set(group: string | undefined, key: string, object: KubeObject): void {
    if (group === undefined) return;
    const members = this.#groups.get(group);
    if (members) members.set(key, object);
    else this.#groups.set(group, new Map([[key, object]]));
  }

  delete(group: string | undefined, key: string): void {
    if (group === undefined) return;
    const members = this.#groups.get(group);
    if (members?.delete(key) && members.size === 0) this.#groups.delete(group);
  }

  clear(): void {
    this.#groups.clear();
  }
}

function controllerUid(object: KubeObject): string | undefined {
  return controllerOf(object)?.uid;
}

export class ObjectInformer<T extends KubeObject> extends WatchReader<KubeObject> implements Informer<T> {
  readonly #store: ObjectStore;
  readonly #handlers: WatchHandler<T>[] = [];
  readonly #byKey = new Map<string, KubeObject>();
  readonly #byUid = new Map<string, KubeObject>();
  readonly #byNamespace = new Groups();
  readonly #byController = new Groups();
  #resourceVersion = 0;
  isSynced: boolean;

  constructor(kind: string, store: ObjectStore, delivery: WatchDelivery) {
    super(kind, store.log, delivery);
    this.#store = store;
    this.isSynced = store.size === 0;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** In words, where this informer knows something else than the server: for checks when all is delivered. */
  difference(): string | undefined {
    if (this.#byKey.size !== this.#store.size)
      return `${this.kind}: ${this.#byKey.size} of ${this.#store.size}`;
    for (const object of this.#store.values()) {
      if (this.#byKey.get(objectKey(object)) !== object) return `${this.kind} ${object.metadata.name}`;
    }
    return undefined;
  }

  handle(handler: WatchHandler<T>): void {
    this.#handlers.push(handler);
    this.#tell(handler);
  }

  /** To handlers that have forgotten everything. */
  tellAll(): void {
    for (const handler of this.#handlers) this.#tell(handler);
  }

  #tell(handler: WatchHandler<T>): void {
    if (this.#byKey.size === 0) return;
    for (const object of this.#byKey.values()) handler.added(object as T);
    handler.settled?.();
  }

  get(namespace: string, name: string): T | undefined {
    return this.#byKey.get(keyOf(namespace, name)) as T | undefined;
  }

  byUid(uid: string): T | undefined {
    return this.#byUid.get(uid) as T | undefined;
  }

  values(): IterableIterator<T> {
    return this.#byKey.values() as IterableIterator<T>;
  }

  inNamespace(namespace: string): Iterable<T> {
    return this.#byNamespace.of(namespace) as Iterable<T>;
  }

  ownedBy(uid: string): Iterable<T> {
    return this.#byController.of(uid) as Iterable<T>;
  }

  /** The process died: nothing is known any more, and nobody is told. */
  forget(): void {
    this.isSynced = false;
    this.#byKey.clear();
    this.#byUid.clear();
    this.#byNamespace.clear();
    this.#byController.clear();
  }

  protected override apply(old: KubeObject | undefined, next: KubeObject | undefined): void {
    if (next) this.#put(next);
    else this.#remove(old!);
  }

  protected override settle(): void {
    for (const handler of this.#handlers) handler.settled?.();
  }

  protected override replace(revision: number): void {
    this.isSynced = true;
    for (const object of [...this.#byKey.values()]) {
      if (this.#store.get(objectKey(object))?.metadata.uid !== object.metadata.uid) this.#remove(object);
    }
    for (const object of this.#store.values()) {
      const known = this.#byKey.get(objectKey(object));
      if (known?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#put(object);
    }
    this.#resourceVersion = revision;
  }

  #put(next: KubeObject): void {
    const key = objectKey(next);
    const { uid = '', namespace } = next.metadata;
    const known = this.#byKey.get(key);
    this.#resourceVersion = Number(next.metadata.resourceVersion);
    const controller = controllerUid(next);
    if (known && controllerUid(known) !== controller) this.#byController.delete(controllerUid(known), key);
    this.#byKey.set(key, next);
    this.#byUid.set(uid, next);
    this.#byNamespace.set(namespace, key, next);
    this.#byController.set(controller, key, next);
    for (const handler of this.#handlers) {
      if (known) handler.modified(next as T, known as T);
      else handler.added(next as T);
    }
  }

  #remove(last: KubeObject): void {
    const key = objectKey(last);
    const known = this.#byKey.get(key);
    if (!known) return;
    this.#resourceVersion = Math.max(this.#resourceVersion, Number(last.metadata.resourceVersion));
    this.#byKey.delete(key);
    this.#byUid.delete(known.metadata.uid ?? '');
    this.#byNamespace.delete(known.metadata.namespace, key);
    this.#byController.delete(controllerUid(known), key);
    for (const handler of this.#handlers) handler.deleted(last as T);
  }
}
