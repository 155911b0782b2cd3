// An informer's pods by a text (node name, owner's uid): a list of slots per text, with each slot's place in its list.

import type { PodIndex } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';

interface List {
  readonly key: string;
  readonly slots: number[];
}

export class SlotIndex implements PodIndex {
  readonly #keyOf: (pod: PodObject) => string;
  readonly #pods: readonly (PodObject | undefined)[];
  readonly #lists = new Map<string, List>();
  /** By slot: the list that it is in, and its place there. */
  readonly #listOf: (List | undefined)[] = [];
  readonly #places: number[] = [];

  /** `pods` is the informer's table; it holds a pod before the pod is set here. */
  constructor(pods: readonly (PodObject | undefined)[], keyOf: (pod: PodObject) => string) {
    this.#pods = pods;
    this.#keyOf = keyOf;
  }

  set(pod: PodObject): void {
    const key = this.#keyOf(pod);
    const { slot } = pod;
    const list = slot < this.#listOf.length ? this.#listOf[slot] : undefined;
    if (key === (list === undefined ? '' : list.key)) return;
    if (list) this.#take(slot, list);
    if (key !== '') this.#put(slot, key);
  }

  delete(slot: number): void {
    const list = slot < this.#listOf.length ? this.#listOf[slot] : undefined;
    if (list) this.#take(slot, list);
  }

  clear(): void {
    this.#lists.clear();
    this.#listOf.length = 0;
    this.#places.length = 0;
  }

  count(key: string): number {
    return this.#lists.get(key)?.slots.length ?? 0;
  }

  forEach(key: string, visit: (pod: PodObject) => void): void {
    for (const pod of this.list(key)) visit(pod);
  }

  list(key: string): PodObject[] {
    return this.#lists.get(key)?.slots.map((slot) => this.#pods[slot]!) ?? [];
  }

  #put(slot: number, key: string): void {
    while (this.#listOf.length <= slot) {
      this.#listOf.push(undefined);
      this.#places.push(0);
    }
    let list = this.#lists.get(key);
    if (!list) this.#lists.set(key, (list = { key, slots: [] }));
    this.#listOf[slot] = list;
    this.#places[slot] = list.slots.push(slot) - 1;
  }

  /** Fills the gap with the last of the list. */
  #take(slot: number, list: List): void {
    const { slots } = list;
    const last = slots.pop()!;
    if (last !== slot) {
      slots[this.#places[slot]!] = last;
      this.#places[last] = this.#places[slot]!;
    }
    this.#listOf[slot] = undefined;
    if (slots.length === 0) this.#lists.delete(list.key);
  }
}
