// The kernel's event queue: a 4-ary heap in typed arrays. A node's four children have their keys in 64 neighbouring bytes.

import { assert } from '../base/assert.ts';
import type { EventQueue } from './event-queue.ts';

export class HeapQueue implements EventQueue {
  size = 0;
  /** Node i holds time and order at 2i and 2i+1; node 0 of an empty heap holds Infinity. */
  #keys: Float64Array;
  #items: Int32Array;

  constructor(capacity = 64) {
    this.#keys = new Float64Array(2 * Math.max(capacity, 1));
    this.#items = new Int32Array(Math.max(capacity, 1));
    this.#markEmpty();
  }

  get topTimeUs(): number {
    return this.#keys[0]!;
  }

  get topOrder(): number {
    return this.#keys[1]!;
  }

  push(timeUs: number, order: number, item: number): void {
    const i = this.size++;
    if (i === this.#items.length) this.#double();
    this.#rise(i, timeUs, order, item);
  }

  pop(): number {
    assert(this.size > 0, 'pop from an empty event queue');
    const first = this.#items[0]!;
    const last = --this.size;
    if (last === 0) this.#markEmpty();
    else this.#sink(this.#keys[2 * last]!, this.#keys[2 * last + 1]!, this.#items[last]!);
    return first;
  }

  /** Moves the hole at `start` up to where the key belongs. */
  #rise(start: number, timeUs: number, order: number, item: number): void {
    const keys = this.#keys;
    const items = this.#items;
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTimeUs = keys[2 * parent]!;
      if (parentTimeUs < timeUs) break;
      const parentOrder = keys[2 * parent + 1]!;
      if (parentTimeUs === timeUs && parentOrder < order) break;
      keys[2 * i] = parentTimeUs;
      keys[2 * i + 1] = parentOrder;
      items[i] = items[parent]!;
      i = parent;
    }
    keys[2 * i] = timeUs;
    keys[2 * i + 1] = order;
    items[i] = item;
  }

  /** Moves the hole at the root down to where the key belongs. */
  #sink(timeUs: number, order: number, item: number): void {
    const keys = this.#keys;
    const items = this.#items;
    const size = this.size;
    let i = 0;
    for (;;) {
      let child = 4 * i + 1;
      if (child >= size) break;
      let bestTimeUs = keys[2 * child]!;
      let bestOrder = keys[2 * child + 1]!;
      const end = Math.min(child + 4, size);
      for (let c = child + 1; c < end; c++) {
        const time = keys[2 * c]!;
        if (time > bestTimeUs) continue;
        const other = keys[2 * c + 1]!;
        if (time === bestTimeUs && other > bestOrder) continue;
        child = c;
        bestTimeUs = time;
        bestOrder = other;
      }
      if (timeUs < bestTimeUs || (timeUs === bestTimeUs && order < bestOrder)) break;
      keys[2 * i] = bestTimeUs;
      keys[2 * i + 1] = bestOrder;
      items[i] = items[child]!;
      i = child;
    }
    keys[2 * i] = timeUs;
    keys[2 * i + 1] = order;
    items[i] = item;
  }

  #markEmpty(): void {
    this.#keys[0] = Number.POSITIVE_INFINITY;
    this.#keys[1] = Number.POSITIVE_INFINITY;
  }

  #double(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    const items = new Int32Array(this.#items.length * 2);
    items.set(this.#items);
    this.#items = items;
  }
}
