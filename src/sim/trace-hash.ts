// The fingerprint of a run: every transition that a user could see, in order. Two runs with the same digest did the same.
// It covers time, transition and identity, never row numbers or the kernel's own events, so that neither recycling rows nor
// slicing nor watching a run changes it.

import { Hash64 } from '../base/hash.ts';

export class TraceHash {
  readonly #clock: { readonly nowUs: number };
  readonly #hash = new Hash64();
  #nTransitions = 0;

  constructor(clock: { readonly nowUs: number }) {
    this.#clock = clock;
  }

  get nTransitions(): number {
    return this.#nTransitions;
  }

  /**
   * Records that, now, the thing `identity` made the transition `transition`. The identity is an integer of up to 53 bits that
   * means the same in every run: an ordinal of arrival, or `hashString` of a name.
   */
  add(transition: number, identity: number): void {
    this.#nTransitions++;
    this.#hash.addNumber(this.#clock.nowUs);
    this.#hash.addInt(transition);
    this.#hash.addNumber(identity);
  }

  digest(): string {
    return this.#hash.digest();
  }
}
