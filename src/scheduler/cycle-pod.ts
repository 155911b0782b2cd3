/**
 * The pod of the running scheduling cycle as plugins see it. One object serves all cycles, so nobody may keep it.
 */
import type { PodClass } from '../cluster/pod-class.ts';
import type { PodInfo } from './framework/plugin.ts';
import type { SchedulerCache } from './scheduler-cache.ts';

export class CyclePod implements PodInfo {
  row = -1;
  cls!: PodClass;
  readonly #cache: SchedulerCache;

  constructor(cache: SchedulerCache) {
    this.#cache = cache;
  }

  /** Speaks of another pod from now on. */
  set(row: number): this {
    this.row = row;
    this.cls = this.#cache.cluster.classOf(row);
    return this;
  }

  get name(): string {
    return this.#cache.pods[this.row]!.name;
  }
  get uid(): number {
    return this.#cache.pods[this.row]!.uid;
  }
  get nominatedNodeName(): string | undefined {
    return this.#cache.pods[this.row]!.nominatedNodeName || undefined;
  }
  get pinnedNode(): string | undefined {
    return this.#cache.pods[this.row]!.identity.pinnedNode || undefined;
  }
}
