// An event queue on the tinyqueue package: a binary heap of items whose keys lie in flat columns.
// It is the independent second implementation: conformance tests and whole runs compare the kernel's heap with it.

import TinyQueue from 'tinyqueue';
import { assert } from '../base/assert.ts';
import { Float64Column } from '../base/columns.ts';
import type { EventQueue } from './event-queue.ts';

export class TinyEventQueue implements EventQueue {
  readonly #timesUs = new Float64Column();
  readonly #orders = new Float64Column();
  readonly #heap: TinyQueue<number>;

  constructor() {
    const timesUs = this.#timesUs;
    const orders = this.#orders;
    this.#heap = new TinyQueue<number>(
      [],
      (a, b) => timesUs.data[a]! - timesUs.data[b]! || orders.data[a]! - orders.data[b]!,
    );
  }

  get size(): number {
    return this.#heap.length;
  }

  get topTimeUs(): number {
    return this.#heap.length > 0 ? this.#timesUs.data[this.#heap.peek()!]! : Number.POSITIVE_INFINITY;
  }

  get topOrder(): number {
    return this.#heap.length > 0 ? this.#orders.data[this.#heap.peek()!]! : Number.POSITIVE_INFINITY;
  }

  push(timeUs: number, order: number, item: number): void {
    this.#timesUs.grow(item + 1);
    this.#orders.grow(item + 1);
    this.#timesUs.data[item] = timeUs;
    this.#orders.data[item] = order;
    this.#heap.push(item);
  }

  pop(): number {
    const item = this.#heap.pop();
    assert(item !== undefined, 'pop from an empty event queue');
    return item;
  }
}
