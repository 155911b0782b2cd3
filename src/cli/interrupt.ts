// Ctrl-C: the first asks for a clean stop, the second ends at once.

import { EXIT } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export class Interrupt {
  #isRequested = false;
  readonly #onSignal = () => {
    if (this.#isRequested) {
      this.#atOnce();
      process.exit(EXIT.interrupted);
    }
    this.#isRequested = true;
  };
  readonly #atOnce: () => void;

  /** `atOnce`: what has to be tidied up even when the user does not want to wait. */
  constructor(atOnce: () => void) {
    this.#atOnce = atOnce;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  get isRequested(): boolean {
    return this.#isRequested;
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }
}
