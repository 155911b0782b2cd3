/**
 * The objects besides pods and nodes that the scheduler's plugins look at, as plain Kubernetes objects by kind and
 * namespace/name, in order of arrival.
 */
import type { KubeObject } from '../kube/types.ts';

/** `namespace/name`, or the name alone for kinds without a namespace. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

export class ClusterObjects {
  readonly #byKind = new Map<string, Map<string, KubeObject>>();
  /** Bumped by each change of the kind, so that what was derived from it can be kept until then. */
  readonly #versions = new Map<string, number>();

  upsert(object: KubeObject): void {
    const { kind, metadata } = object;
    let objects = this.#byKind.get(kind);
    if (!objects) this.#byKind.set(kind, (objects = new Map()));
    objects.set(objectKey(metadata.namespace, metadata.name!), object);
    this.#bump(kind);
  }

  remove(kind: string, namespace: string | undefined, name: string): void {
    this.#byKind.get(kind)?.delete(objectKey(namespace, name));
    this.#bump(kind);
  }

  get<T extends KubeObject = KubeObject>(
    kind: string,
    namespace: string | undefined,
    name: string,
  ): T | undefined {
    return this.#byKind.get(kind)?.get(objectKey(namespace, name)) as T | undefined;
  }

  /** All objects of a kind in order of arrival. */
  list<T extends KubeObject = KubeObject>(kind: string): T[] {
    return [...(this.#byKind.get(kind)?.values() ?? [])] as T[];
  }

  version(kind: string): number {
    return this.#versions.get(kind) ?? 0;
  }

  #bump(kind: string): void {
    this.#versions.set(kind, this.version(kind) + 1);
  }
}
