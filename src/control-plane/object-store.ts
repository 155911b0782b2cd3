// The API's truth about one kind other than Pod: the newest version of each object, by namespace and name.

import type { KubeObject } from '../kube/types.ts';
import { WatchLog } from './watch-log.ts';

/** `namespace/name`, or the name alone. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name;
}

export function objectKey(object: KubeObject): string {
  return keyOf(object.metadata.namespace, object.metadata.name ?? '');
}

export class ObjectStore {
  readonly log = new WatchLog<KubeObject>();
  readonly #objects = new Map<string, KubeObject>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  /** In order of creation. */
  values(): IterableIterator<KubeObject> {
    return this.#objects.values();
  }

  put(key: string, next: KubeObject): void {
    const old = this.#objects.get(key);
    this.#objects.set(key, next);
    this.log.append(old, next);
  }

  /** `last` is the version that watchers see go, with the revision of the deletion. */
  remove(key: string, last: KubeObject): void {
    this.#objects.delete(key);
    this.log.append(last, undefined);
  }
}
