// Protection against stale caches: a key is not synced before the controller has heard of its own last writes for it.
// Source: pkg/controller/util/consistency/consistency.go, 1.37 (gates StaleControllerConsistency…).

import type { Informer, PodInformer } from '../../kube/api.ts';
import { isPod, type PodObject } from '../../kube/pod-object.ts';
import type { KubeObject } from '../../kube/types.ts';

interface Watermark {
  object: number;
  pods: number;
}

export class OwnWrites {
  readonly #objects: Informer;
  readonly #pods: PodInformer;
  readonly #writes = new Map<string, Watermark>();

  constructor(objects: Informer, pods: PodInformer) {
    this.#objects = objects;
    this.#pods = pods;
  }

  /** The controller wrote this object or pod for the key. */
  wrote(key: string, written: KubeObject | PodObject | undefined): void {
    if (!written) return;
    let mark = this.#writes.get(key);
    if (!mark) this.#writes.set(key, (mark = { object: 0, pods: 0 }));
    if (isPod(written)) mark.pods = Math.max(mark.pods, written.resourceVersion);
    else mark.object = Math.max(mark.object, Number(written.metadata.resourceVersion));
  }

  areVisible(key: string): boolean {
    const mark = this.#writes.get(key);
    if (!mark) return true;
    if (this.#objects.resourceVersion < mark.object || this.#pods.resourceVersion < mark.pods) return false;
    this.#writes.delete(key);
    return true;
  }

  forget(key: string): void {
    this.#writes.delete(key);
  }

  clear(): void {
    this.#writes.clear();
  }
}
