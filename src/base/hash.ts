// A streaming 64-bit digest: two 32-bit lanes mixed as in MurmurHash3 with different multipliers. Not cryptographic.
// Nothing is allocated until digest(). The digest depends on the order of the calls; as words of
// 32 bits are all it sees, whoever mixes texts and numbers keeps to one layout.

const TWO_32 = 2 ** 32;

function avalanche(h: number): number {
  let x = h ^ (h >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}

export class Hash64 {
  #a = 0x243f6a88;
  #b = 0x85a308d3 | 0;
  #nWords = 0;
  #high = 0;
  #low = 0;

  /** Adds an integer of up to 32 bits. */
  addInt(n: number): void {
    let x = Math.imul(n, 0xcc9e2d51);
    x = Math.imul((x << 15) | (x >>> 17), 0x1b873593);
    const a = this.#a ^ x;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    let y = Math.imul(n, 0x9e3779b1);
    y = Math.imul((y << 16) | (y >>> 16), 0x85ebca77);
    const b = this.#b ^ y;
    this.#b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x38495ab5) | 0;
    this.#nWords = (this.#nWords + 1) | 0;
  }

  /** Adds an integer of up to 53 bits and a sign. */
  addNumber(n: number): void {
    this.addInt(n | 0);
    this.addInt(Math.floor(n / TWO_32) | 0);
  }

  /** Adds a text and its length. */
  addString(s: string): void {
    const n = s.length;
    this.addInt(n);
    for (let i = 0; i < n; i += 2) this.addInt(s.charCodeAt(i) | (i + 1 < n ? s.charCodeAt(i + 1) << 16 : 0));
  }

  /** Sixteen hexadecimal digits of everything added so far; more may be added afterwards. */
  digest(): string {
    this.#finish();
    return hex(this.#high) + hex(this.#low);
  }

  /** The first 52 bits of the digest as an integer. */
  toInteger(): number {
    this.#finish();
    return (this.#high >>> 0) * 2 ** 20 + (this.#low >>> 12);
  }

  #finish(): void {
    let a = this.#a ^ this.#nWords;
    let b = this.#b ^ this.#nWords;
    a = (a + b) | 0;
    b = (b + a) | 0;
    a = avalanche(a);
    b = avalanche(b);
    a = (a + b) | 0;
    b = (b + a) | 0;
    this.#high = a;
    this.#low = b;
  }
}

/** A text as an integer of 52 bits, the same in every run. */
export function hashString(text: string): number {
  const hash = new Hash64();
  hash.addString(text);
  return hash.toInteger();
}
