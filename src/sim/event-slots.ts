// What pending events carry, in columns with recycled rows: nothing is allocated per event.

export class EventSlots {
  kinds = new Uint8Array(64);
  a = new Float64Array(64);
  b = new Float64Array(64);
  /** Undefined in every free slot, so that nothing is kept alive. */
  readonly refs: unknown[] = new Array(64).fill(undefined);
  #free = new Int32Array(64);
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
      if (slot === this.kinds.length) this.#double();
    }
    this.kinds[slot] = kind;
    this.a[slot] = a;
    this.b[slot] = b;
    if (ref !== undefined) this.refs[slot] = ref;
    return slot;
  }

  release(slot: number): void {
    this.refs[slot] = undefined;
    this.#free[this.#nFree++] = slot;
  }

  #double(): void {
    const capacity = this.kinds.length * 2;
    const { kinds, a, b } = this;
    this.kinds = new Uint8Array(capacity);
    this.kinds.set(kinds);
    this.a = new Float64Array(capacity);
    this.a.set(a);
    this.b = new Float64Array(capacity);
    this.b.set(b);
    // Slots run out only when none is free: there is nothing to copy.
    this.#free = new Int32Array(capacity);
    while (this.refs.length < capacity) this.refs.push(undefined);
  }
}
