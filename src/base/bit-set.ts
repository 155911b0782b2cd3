// A growable set of small integers, 32 to a word. Bits at and beyond `size` are always zero, so that counting words counts members.

function popcount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class BitSet {
  /** Bit i of the set is bit i % 32 of word i / 32. May be longer than `size` needs; replaced when the set grows. */
  words: Uint32Array;
  /** Positions run from 0 to size-1. */
  size: number;

  constructor(size = 0) {
    this.size = size;
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  /** Makes room for `size` positions; new ones are not members. Never shrinks. */
  grow(size: number): void {
    if (size <= this.size) return;
    this.size = size;
    const nWords = (size + 31) >>> 5;
    if (nWords <= this.words.length) return;
    const words = new Uint32Array(Math.max(nWords, this.words.length * 2));
    words.set(this.words);
    this.words = words;
  }

  /** Positions beyond the size are not members. */
  has(i: number): boolean {
    return i < this.size && ((this.words[i >>> 5]! >>> (i & 31)) & 1) === 1;
  }

  /** Adds a position, growing when needed. */
  set(i: number): void {
    if (i >= this.size) this.grow(i + 1);
    this.words[i >>> 5]! |= 1 << (i & 31);
  }

  clear(i: number): void {
    if (i < this.size) this.words[i >>> 5]! &= ~(1 << (i & 31));
  }

  /** Makes every position a member. */
  fill(): void {
    const nFull = this.size >>> 5;
    this.words.fill(0xffffffff, 0, nFull);
    if (this.size & 31) this.words[nFull] = (1 << (this.size & 31)) - 1;
  }

  /** Empties the set, keeping its size. */
  reset(): void {
    this.words.fill(0);
  }

  /** Keeps what is also in `other`. */
  and(other: BitSet): void {
    const { words } = this;
    const theirs = other.words;
    const nShared = Math.min(words.length, theirs.length);
    for (let w = 0; w < nShared; w++) words[w]! &= theirs[w]!;
    words.fill(0, nShared);
  }

  /** Removes what is in `other`. */
  andNot(other: BitSet): void {
    const { words } = this;
    const theirs = other.words;
    const nShared = Math.min(words.length, theirs.length);
    for (let w = 0; w < nShared; w++) words[w]! &= ~theirs[w]!;
  }

  /** Adds what is in `other`, growing to its size. */
  or(other: BitSet): void {
    this.grow(other.size);
    const { words } = this;
    const theirs = other.words;
    const nTheirs = (other.size + 31) >>> 5;
    for (let w = 0; w < nTheirs; w++) words[w]! |= theirs[w]!;
  }

  /** Becomes equal to `other`; the size only grows. */
  copyFrom(other: BitSet): void {
    this.grow(other.size);
    const nTheirs = (other.size + 31) >>> 5;
    this.words.set(nTheirs === other.words.length ? other.words : other.words.subarray(0, nTheirs));
    this.words.fill(0, nTheirs);
  }

  /** The number of members. */
  count(): number {
    let n = 0;
    const { words } = this;
    for (let w = 0; w < words.length; w++) n += popcount(words[w]!);
    return n;
  }

  /** The smallest member at or after `from`, or -1. */
  nextSet(from: number): number {
    if (from >= this.size) return -1;
    const { words } = this;
    let w = from >>> 5;
    let word = words[w]! & (-1 << (from & 31));
    while (word === 0) {
      if (++w >= words.length) return -1;
      word = words[w]!;
    }
    return (w << 5) + 31 - Math.clz32(word & -word);
  }

  /** The member with exactly `k` members before it, or -1 when there are not that many. */
  select(k: number): number {
    const { words } = this;
    let left = k;
    for (let w = 0; w < words.length; w++) {
      const n = popcount(words[w]!);
      if (left >= n) {
        left -= n;
        continue;
      }
      let word = words[w]!;
      for (; left > 0; left--) word &= word - 1;
      return (w << 5) + 31 - Math.clz32(word & -word);
    }
    return -1;
  }

  /** The number of members below `i`. */
  rank(i: number): number {
    const end = Math.min(i, this.size);
    const { words } = this;
    const nFull = end >>> 5;
    let n = 0;
    for (let w = 0; w < nFull; w++) n += popcount(words[w]!);
    return end & 31 ? n + popcount(words[nFull]! & ((1 << (end & 31)) - 1)) : n;
  }
}
