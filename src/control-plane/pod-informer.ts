// A process's own view of the pods: the version of each that it has heard of, by slot.

import type { PodIndex, PodInformer, PodWatchOptions, WatchHandler } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import { SlotIndex } from './pod-index.ts';
import type { PodStore } from './pod-store.ts';
import { type WatchDelivery, WatchReader } from './watch-delivery.ts';
import type { WatchLog } from './watch-log.ts';

export class PodWatch extends WatchReader<PodObject> implements PodInformer {
  readonly #store: PodStore;
  readonly #select: ((pod: PodObject) => boolean) | undefined;
  readonly #handlers: WatchHandler<PodObject>[] = [];
  /** Those that want to hear of the end of a batch. */
  readonly #settling: WatchHandler<PodObject>[] = [];
  readonly #pods: (PodObject | undefined)[] = [];
  readonly #indices = new Map<string, SlotIndex>();
  #indexList: SlotIndex[] = [];
  #size = 0;
  #resourceVersion = 0;
  isSynced: boolean;

  constructor(store: PodStore, log: WatchLog<PodObject>, delivery: WatchDelivery, options: PodWatchOptions) {
    super('Pod', log, delivery);
    this.#store = store;
    this.#select = options.select;
    this.isSynced = store.size === 0;
  }

  get size(): number {
    return this.#size;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** In words, where this informer knows something else than the server: for checks when all is delivered. */
  difference(): string | undefined {
    for (let slot = 0; slot < Math.max(this.#pods.length, this.#store.nSlots); slot++) {
      const truth = this.#store.at(slot);
      const wanted = truth && (this.#select?.(truth) ?? true) ? truth : undefined;
      if (this.#pods[slot] !== wanted) return `pod ${(this.#pods[slot] ?? truth)!.name}`;
    }
    return undefined;
  }

  handle(handler: WatchHandler<PodObject>): void {
    this.#handlers.push(handler);
    if (handler.settled) this.#settling.push(handler);
    this.#tell(handler);
  }

  /** To handlers that have forgotten everything. */
  tellAll(): void {
    for (const handler of this.#handlers) this.#tell(handler);
  }

  #tell(handler: WatchHandler<PodObject>): void {
    if (this.#size === 0) return;
    for (const pod of this.#pods) if (pod) handler.added(pod);
    handler.settled?.();
  }

  current(pod: { readonly slot: number; readonly uid: number }): PodObject | undefined {
    const found = pod.slot < this.#pods.length ? this.#pods[pod.slot] : undefined;
    return found?.uid === pod.uid ? found : undefined;
  }

  at(slot: number): PodObject | undefined {
    return this.#pods[slot];
  }

  byName(namespace: string, name: string): PodObject | undefined {
    return this.#pods.find((pod) => pod?.name === name && pod.namespace === namespace);
  }

  forEach(visit: (pod: PodObject) => void): void {
    for (let slot = 0; slot < this.#pods.length; slot++) {
      const pod = this.#pods[slot];
      if (pod) visit(pod);
    }
  }

  index(name: string, keyOf: (pod: PodObject) => string): PodIndex {
    let index = this.#indices.get(name);
    if (!index) {
      index = new SlotIndex(this.#pods, keyOf);
      for (const pod of this.#pods) if (pod) index.set(pod);
      this.#indices.set(name, index);
      this.#indexList = [...this.#indices.values()];
    }
    return index;
  }

  /** The process died: nothing is known any more, and nobody is told. */
  forget(): void {
    this.isSynced = false;
    this.#pods.length = 0;
    this.#size = 0;
    for (const index of this.#indexList) index.clear();
  }

  protected override apply(old: PodObject | undefined, next: PodObject | undefined): void {
    const seen = next ?? old!;
    this.#resourceVersion = seen.resourceVersion;
    const held = seen.slot < this.#pods.length ? this.#pods[seen.slot] : undefined;
    if (next && (this.#select === undefined || this.#select(next))) this.#put(next, held);
    else if (held) this.#remove(seen);
  }

  protected override settle(): void {
    for (const handler of this.#settling) handler.settled!();
  }

  protected override replace(revision: number): void {
    this.isSynced = true;
    this.#resourceVersion = revision;
    for (const pod of this.#pods) {
      if (!pod) continue;
      const now = this.#store.current(pod);
      if (!now || (this.#select && !this.#select(now))) this.#remove(pod);
    }
    this.#store.forEach((pod) => {
      const held = this.#pods[pod.slot];
      if (held?.resourceVersion === pod.resourceVersion) return;
      if (!this.#select || this.#select(pod)) this.#put(pod, held);
    });
  }

  #put(next: PodObject, held: PodObject | undefined): void {
    while (this.#pods.length <= next.slot) this.#pods.push(undefined);
    this.#pods[next.slot] = next;
    const indices = this.#indexList;
    for (let indexIdx = 0; indexIdx < indices.length; indexIdx++) indices[indexIdx]!.set(next);
    const handlers = this.#handlers;
    if (held) {
      for (let handlerIdx = 0; handlerIdx < handlers.length; handlerIdx++)
        handlers[handlerIdx]!.modified(next, held);
    } else {
      this.#size++;
      for (let handlerIdx = 0; handlerIdx < handlers.length; handlerIdx++) handlers[handlerIdx]!.added(next);
    }
  }

  #remove(last: PodObject): void {
    const { slot } = last;
    const indices = this.#indexList;
    for (let indexIdx = 0; indexIdx < indices.length; indexIdx++) indices[indexIdx]!.delete(slot);
    this.#pods[slot] = undefined;
    this.#size--;
    const handlers = this.#handlers;
    for (let handlerIdx = 0; handlerIdx < handlers.length; handlerIdx++) handlers[handlerIdx]!.deleted(last);
  }
}
