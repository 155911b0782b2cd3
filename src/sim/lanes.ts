// Lanes beside the heap. Events of one constant delay and one priority class are scheduled in the order in which they fall due,
// so each such lane is a plain FIFO, and only the lanes' heads compete for the next event.

import { assert } from '../base/assert.ts';
import { FifoRing } from './fifo-ring.ts';
import { HeapQueue } from './heap-queue.ts';

export class Lanes {
  readonly #rings: FifoRing[] = [];
  /** The non-empty lanes by the key of their head. */
  readonly #heads = new HeapQueue();

  get topTimeUs(): number {
    return this.#heads.topTimeUs;
  }

  get topOrder(): number {
    return this.#heads.topOrder;
  }

  /** Adds an empty lane and answers its number. */
  define(): number {
    this.#rings.push(new FifoRing());
    return this.#rings.length - 1;
  }

  /** Appends an item, whose key must come after every key given to this lane before. */
  push(lane: number, timeUs: number, order: number, item: number): void {
    const ring = this.#rings[lane]!;
    if (ring.size === 0) this.#heads.push(timeUs, order, lane);
    ring.push(timeUs, order, item);
  }

  /** Takes out the first item of all lanes; they must not all be empty. */
  pop(): number {
    assert(this.#heads.size > 0, 'pop from empty lanes');
    const lane = this.#heads.pop();
    const ring = this.#rings[lane]!;
    const item = ring.shift();
    if (ring.size > 0) this.#heads.push(ring.headTimeUs, ring.headOrder, lane);
    return item;
  }
}
