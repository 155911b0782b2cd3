// Named streams of random numbers. A stream's name alone decides its numbers: opening another stream moves no other, so two
// variants of a scenario see the same random world (common random numbers).
// The generator is alea; seedrandom's xor128, xorwow and xorshift7 correlate for neighbouring seeds.

import alea from 'seedrandom/lib/alea.js';
import { BugError } from '../base/assert.ts';

export interface RandomStream {
  readonly name: string;
  /** A number in [0, 1), uniform, in steps of 2^-32. */
  next(): number;
  /** An integer in [0, n), uniform up to n / 2^32. */
  int(n: number): number;
}

export class RandomStreams {
  readonly #prefix: string;
  readonly #opened = new Set<string>();

  constructor(seed: string | number, replication = 0) {
    this.#prefix = `${seed}/${replication}/`;
  }

  /** Opens the stream `component/purpose`. Each has one owner: opening it again is a bug. */
  open(name: string): RandomStream {
    if (this.#opened.has(name)) throw new BugError(`random stream "${name}" is opened twice`);
    this.#opened.add(name);
    const next = alea(this.#prefix + name);
    return { name, next, int: (n) => Math.floor(next() * n) };
  }
}
