// Random attributes of pods that do not depend on who is asked first: a draw is a function of the stream's first number
// and the pod's uid. Two variants of a scenario that place the same pods differently still give each pod the same delay.

import { type DistributionSpec, quantileFunction } from '../sim/distributions.ts';
import type { RandomStream } from '../sim/random-streams.ts';

const TWO_32 = 2 ** 32;

/** A uniform number in [0, 1) in steps of 2^-32 from two words: MurmurHash3's finalizer, applied to each in turn. */
function uniform(seed: number, number: number): number {
  let x = Math.imul(number, 0x9e3779b1) ^ seed;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x = (x ^ (x >>> 16)) + seed;
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / TWO_32;
}

export class PerPodDraws {
  readonly #seed: number;

  constructor(stream: RandomStream) {
    this.#seed = stream.int(TWO_32) | 0;
  }

  /** Uniform in [0, 1); `salt` tells several draws for one pod apart. */
  uniform(uid: number, salt = 0): number {
    return uniform(salt === 0 ? this.#seed : Math.imul(this.#seed ^ salt, 0x27d4eb2f), uid);
  }
}

/** A delay per pod in whole microseconds, never negative. */
export class PodDelay {
  /** The delay of every pod where it is the same for all; undefined: it is drawn. */
  readonly constantUs: number | undefined;
  readonly #draws: PerPodDraws;
  readonly #quantile: (u: number) => number;

  constructor(spec: DistributionSpec, stream: RandomStream) {
    this.#draws = new PerPodDraws(stream);
    this.#quantile = quantileFunction(spec);
    this.constantUs = spec.kind === 'constant' ? Math.max(0, Math.round(spec.value)) : undefined;
  }

  us(uid: number, salt = 0): number {
    if (this.constantUs !== undefined) return this.constantUs;
    return Math.max(0, Math.round(this.#quantile(this.#draws.uniform(uid, salt))));
  }
}
