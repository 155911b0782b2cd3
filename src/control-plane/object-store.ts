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
  /** Bytes that the objects take in etcd, and bytes written for them so far; estimates. */
  bytes = 0;
  bytesWritten = 0;
  readonly #objects = new Map<string, KubeObject>();
  readonly #bytes = new Map<string, number>();

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
    this.#weigh(key, next);
    this.log.append(old, next);
  }

  /** Later versions are taken to be as long as the first one: measuring each would cost more than storing it. */
  #weigh(key: string, object: KubeObject): void {
    let bytes = this.#bytes.get(key);
    if (bytes === undefined) {
      bytes = JSON.stringify(object).length;
      this.#bytes.set(key, bytes);
      this.bytes += bytes;
    }
    this.bytesWritten += bytes;
  }

  /** `last` is the version that watchers see go, with the revision of the deletion. */
  remove(key: string, last: KubeObject): void {
    this.#objects.delete(key);
    this.bytes -= this.#bytes.get(key) ?? 0;
    this.#bytes.delete(key);
    this.log.append(last, undefined);
  }
}
