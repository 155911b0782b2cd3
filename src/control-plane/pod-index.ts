// An informer's pods by a text (node name, owner's uid): a list of slots per text, with each slot's place in its list.

import type { PodIndex } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';

export class SlotIndex implements PodIndex {
  readonly #keyOf: (pod: PodObject) => string;
  readonly #pods: readonly (PodObject | undefined)[];
  readonly #lists = new Map<string, number[]>();
  /** By slot: the key under which it is listed ('' = none) and its place there. */
  readonly #keys: string[] = [];
  readonly #places: number[] = [];

  /** `pods` is the informer's table; it holds a pod before the pod is set here. */
  constructor(pods: readonly (PodObject | undefined)[], keyOf: (pod: PodObject) => string) {
    this.#pods = pods;
    this.#keyOf = keyOf;
  }

  set(pod: PodObject): void {
    const key = this.#keyOf(pod);
    const { slot } = pod;
    const known = slot < this.#keys.length ? this.#keys[slot]! : '';
    if (key === known) return;
    if (known !== '') this.#take(slot, known);
    this.#put(slot, key);
  }

  delete(slot: number): void {
    const known = slot < this.#keys.length ? this.#keys[slot]! : '';
    if (known === '') return;
    this.#take(slot, known);
    this.#keys[slot] = '';
  }

  clear(): void {
    this.#lists.clear();
    this.#keys.length = 0;
    this.#places.length = 0;
  }

  count(key: string): number {
    return this.#lists.get(key)?.length ?? 0;
  }

  forEach(key: string, visit: (pod: PodObject) => void): void {
    for (const pod of this.list(key)) visit(pod);
  }

  list(key: string): PodObject[] {
    const slots = this.#lists.get(key);
    return slots ? slots.map((slot) => this.#pods[slot]!) : [];
  }

  #put(slot: number, key: string): void {
    while (this.#keys.length <= slot) {
      this.#keys.push('');
      this.#places.push(0);
    }
    this.#keys[slot] = key;
    if (key === '') return;
    let list = this.#lists.get(key);
    if (!list) this.#lists.set(key, (list = []));
    this.#places[slot] = list.push(slot) - 1;
  }

  /** Fills the gap with the last of the list. */
  #take(slot: number, key: string): void {
    const list = this.#lists.get(key)!;
    const last = list.pop()!;
    if (last !== slot) {
      list[this.#places[slot]!] = last;
      this.#places[last] = this.#places[slot]!;
    }
    if (list.length === 0) this.#lists.delete(key);
  }
}
