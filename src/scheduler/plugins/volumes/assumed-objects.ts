/**
 * Volumes and claims as they will be once writes under way have come back: a scheduling cycle sees what earlier
 * cycles decided. An assumed object stands in for the very version it was made from, so it is forgotten as soon as
 * the watch delivers a newer one.
 * Source: kubernetes v1.37.2 pkg/scheduler/framework/plugins/volumebinding/passive_assume_cache.go.
 */
import type { KubeObject } from '../../../kube/types.ts';

export class AssumedObjects {
  readonly #assumed = new WeakMap<KubeObject, KubeObject>();

  assume(heard: KubeObject, assumed: KubeObject): void {
    this.#assumed.set(heard, assumed);
  }

  restore(heard: KubeObject): void {
    this.#assumed.delete(heard);
  }

  /** `heard`, or what is assumed in its place. */
  current<T extends KubeObject>(heard: T): T {
    return (this.#assumed.get(heard) as T | undefined) ?? heard;
  }
}
