// A first-in-first-out list of keyed items in a ring of typed arrays: one lane of constant delay.

export class FifoRing {
  size = 0;
  #first = 0;
  /** Always a power of two minus one: position & mask walks the ring. */
  #mask = 15;
  #keys = new Float64Array(32);
  #items = new Int32Array(16);

  get headTimeUs(): number {
    return this.#keys[2 * this.#first]!;
  }

  get headOrder(): number {
    return this.#keys[2 * this.#first + 1]!;
  }

  push(timeUs: number, order: number, item: number): void {
    if (this.size > this.#mask) this.#double();
    const i = (this.#first + this.size++) & this.#mask;
    this.#keys[2 * i] = timeUs;
    this.#keys[2 * i + 1] = order;
    this.#items[i] = item;
  }

  /** Takes out the oldest item; the ring must not be empty. */
  shift(): number {
    const item = this.#items[this.#first]!;
    this.#first = (this.#first + 1) & this.#mask;
    this.size--;
    return item;
  }

  #double(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const items = new Int32Array(this.#items.length * 2);
    for (let k = 0; k < this.size; k++) {
      const i = (this.#first + k) & this.#mask;
      keys[2 * k] = this.#keys[2 * i]!;
      keys[2 * k + 1] = this.#keys[2 * i + 1]!;
      items[k] = this.#items[i]!;
    }
    this.#keys = keys;
    this.#items = items;
    this.#first = 0;
    this.#mask = items.length - 1;
  }
}
