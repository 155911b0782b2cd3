// Ctrl-C, a terminal that closes, or `kill`: the first signal asks for a clean stop, a second one ends at once.

import { EXIT } from './exit.ts';

/** What asks a command to end. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupt {
  #isRequested = false;
  readonly #onSignal = (signal: NodeJS.Signals) => {
    // One terminal that closes can send it twice, its shell and the system: nobody insists.
    if (this.#isRequested && signal !== 'SIGHUP') {
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
