/** Numbers pairs of a number and a value in order of first appearance. */

/** Values up to here are looked up in a table. */
const N_SMALL = 16;

export class Numbering {
  size = 0;
  #small = new Int32Array(N_SMALL).fill(-1);
  readonly #large = new Map<number, number>();

  /** @param value a whole number from -(2 ** 31) to 2 ** 31 */
  of(before: number, value: number): number {
    if (value < -1 || value >= N_SMALL - 1) return this.#ofLarge(before * 2 ** 32 + value);
    const at = before * N_SMALL + value + 1;
    if (at >= this.#small.length) this.#grow(at);
    let number = this.#small[at]!;
    if (number === -1) this.#small[at] = number = this.size++;
    return number;
  }

  clear(): void {
    this.size = 0;
    this.#small.fill(-1);
    this.#large.clear();
  }

  #ofLarge(pair: number): number {
    let number = this.#large.get(pair);
    if (number === undefined) this.#large.set(pair, (number = this.size++));
    return number;
  }

  #grow(at: number): void {
    const small = new Int32Array(2 * at).fill(-1);
    small.set(this.#small);
    this.#small = small;
  }
}
