// What pending events carry, in recycled rows: nothing is allocated per event. The numbers of an event lie side by side,
// because most events are taken out long after they were put in, when nothing of them is in the processor's caches.

const STRIDE = 4;
const KIND = 0;
const A = 1;
const B = 2;
const HAS_REF = 3;
const CAPACITY = 64;

export class EventSlots {
  #numbers = new Float64Array(STRIDE * CAPACITY);
  /** Undefined in every free slot, so that nothing is kept alive. */
  readonly #refs: unknown[] = new Array(CAPACITY).fill(undefined);
  #free = new Int32Array(CAPACITY);
  #nFree = 0;
  #nUsed = 0;

  /** The number of occupied slots. */
  get size(): number {
    return this.#nUsed - this.#nFree;
  }

  occupy(kind: number, a: number, b: number, ref: unknown): number {
    let slot: number;
    if (this.#nFree > 0) slot = this.#free[--this.#nFree]!;
    else {
      slot = this.#nUsed++;
      if (slot === this.#free.length) this.#double();
    }
    const numbers = this.#numbers;
    const at = slot * STRIDE;
    numbers[at + KIND] = kind;
    numbers[at + A] = a;
    numbers[at + B] = b;
    numbers[at + HAS_REF] = ref === undefined ? 0 : 1;
    if (ref !== undefined) this.#refs[slot] = ref;
    return slot;
  }

  kind(slot: number): number {
    return this.#numbers[slot * STRIDE + KIND]!;
  }

  a(slot: number): number {
    return this.#numbers[slot * STRIDE + A]!;
  }

  b(slot: number): number {
    return this.#numbers[slot * STRIDE + B]!;
  }

  /** Gives the slot back and answers what else it held. */
  release(slot: number): unknown {
    this.#free[this.#nFree++] = slot;
    if (this.#numbers[slot * STRIDE + HAS_REF] === 0) return undefined;
    const ref = this.#refs[slot];
    this.#refs[slot] = undefined;
    return ref;
  }

  #double(): void {
    const capacity = this.#free.length * 2;
    const numbers = new Float64Array(STRIDE * capacity);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    // Slots run out only when none is free: there is nothing to copy.
    this.#free = new Int32Array(capacity);
    while (this.#refs.length < capacity) this.#refs.push(undefined);
  }
}
