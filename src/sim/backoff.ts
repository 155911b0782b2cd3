// Exponential back-off per item: base * 2^failures, at most a maximum.
// As ItemExponentialFailureRateLimiter in client-go util/workqueue (v0.37), and kubelet's and the scheduler's back-off.

import { assert } from '../base/assert.ts';
import { Uint16Column } from '../base/columns.ts';

/** The wait after `nFailures` earlier failures: `baseUs` for the first. */
export function backoffUs(baseUs: number, backoffUsMax: number, nFailures: number): number {
  let us = Math.min(baseUs, backoffUsMax);
  for (let n = nFailures; n > 0 && us < backoffUsMax; n--) us = Math.min(us * 2, backoffUsMax);
  return us;
}

/** Back-off of items named by small integers (rows); a recycled row must be forgotten first. */
export class ItemBackoff {
  readonly #baseUs: number;
  readonly #backoffUsMax: number;
  readonly #nFailures = new Uint16Column();

  constructor(baseUs: number, backoffUsMax: number) {
    assert(baseUs > 0 && backoffUsMax > 0, 'back-off times must be positive');
    this.#baseUs = baseUs;
    this.#backoffUsMax = backoffUsMax;
  }

  /** Counts a failure and answers how long to wait (us) before the next attempt. */
  next(item: number): number {
    this.#nFailures.grow(item + 1);
    const nBefore = this.#nFailures.data[item]!;
    if (nBefore < 0xffff) this.#nFailures.data[item] = nBefore + 1;
    return backoffUs(this.#baseUs, this.#backoffUsMax, nBefore);
  }

  nFailures(item: number): number {
    return item < this.#nFailures.length ? this.#nFailures.data[item]! : 0;
  }

  /** The item succeeded or is gone: its next failure is its first. */
  forget(item: number): void {
    if (item < this.#nFailures.length) this.#nFailures.data[item] = 0;
  }
}
