// A rate limiter as in client-go (golang.org/x/time/rate, used by util/flowcontrol): a bucket that starts full, refills at a steady
// rate up to `burst`, and lets waiters through in the order in which they asked.
// Deviation: whole microseconds, a wait rounded up; exact when the rate is a whole number per second.

import { assert } from '../base/assert.ts';

const MICRO_PER_TOKEN = 1e6;

export class TokenBucket {
  readonly #ratePerSec: number;
  readonly #capacityMicro: number;
  /** Millionths of a token at `#lastUs`: one microsecond adds `ratePerSec` of them. Below zero: promised to waiters. */
  #levelMicro: number;
  #lastUs = 0;

  constructor(ratePerSec: number, burst: number) {
    assert(ratePerSec > 0 && ratePerSec < Number.POSITIVE_INFINITY, 'a token bucket needs a positive rate');
    assert(Number.isInteger(burst) && burst >= 1, 'a token bucket needs a burst of at least one');
    this.#ratePerSec = ratePerSec;
    this.#capacityMicro = burst * MICRO_PER_TOKEN;
    this.#levelMicro = this.#capacityMicro;
  }

  /** Takes one token and answers the earliest time (us) at which it is available: `nowUs` or later. `nowUs` never falls. */
  reserve(nowUs: number): number {
    assert(nowUs >= this.#lastUs, 'token bucket: time runs backwards');
    const refilled = this.#levelMicro + (nowUs - this.#lastUs) * this.#ratePerSec;
    this.#levelMicro = Math.min(this.#capacityMicro, refilled) - MICRO_PER_TOKEN;
    this.#lastUs = nowUs;
    return this.#levelMicro >= 0 ? nowUs : nowUs + Math.ceil(-this.#levelMicro / this.#ratePerSec);
  }

  /** Takes a token if one is there now; else nothing happens. */
  tryTake(nowUs: number): boolean {
    assert(nowUs >= this.#lastUs, 'token bucket: time runs backwards');
    const refilled = this.#levelMicro + (nowUs - this.#lastUs) * this.#ratePerSec;
    this.#levelMicro = Math.min(this.#capacityMicro, refilled);
    this.#lastUs = nowUs;
    if (this.#levelMicro < MICRO_PER_TOKEN) return false;
    this.#levelMicro -= MICRO_PER_TOKEN;
    return true;
  }
}
