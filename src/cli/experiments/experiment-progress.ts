// How far an experiment is: one line that is rewritten on a terminal, a line now and then elsewhere.

const MS_PER_UPDATE = 250;
const MS_PER_LINE = 10_000;

export interface ExperimentProgress {
  made(isFromBefore: boolean): void;
  stop(): void;
}

const NONE: ExperimentProgress = { made: () => {}, stop: () => {} };

export interface ExperimentProgressOptions {
  readonly isQuiet: boolean;
  /** Whose runs are counted, where a command makes several experiments; else nothing. */
  readonly name: string;
  /** What is known so far; asked a few times a second. */
  readonly best: () => string;
}

export function openExperimentProgress(options: ExperimentProgressOptions): ExperimentProgress {
  return options.isQuiet ? NONE : new Line(options);
}

class Line implements ExperimentProgress {
  readonly #name: string;
  readonly #best: () => string;
  readonly #isTerminal = process.stderr.isTTY === true;
  #nMade = 0;
  #nFromBefore = 0;
  readonly #startedMs = performance.now();
  #nextMs: number;

  constructor({ name, best }: ExperimentProgressOptions) {
    this.#name = name;
    this.#best = best;
    this.#nextMs = this.#startedMs + (this.#isTerminal ? 1000 : MS_PER_LINE);
  }

  made(isFromBefore: boolean): void {
    if (isFromBefore) this.#nFromBefore++;
    else this.#nMade++;
    const ms = performance.now();
    if (ms < this.#nextMs) return;
    this.#nextMs = ms + (this.#isTerminal ? MS_PER_UPDATE : MS_PER_LINE);
    const text = this.#text(ms);
    process.stderr.write(
      this.#isTerminal ? `\r\u001b[K${text.slice(0, process.stderr.columns)}` : `${text}\n`,
    );
  }

  stop(): void {
    if (this.#isTerminal && this.#nextMs > this.#startedMs + 1000) process.stderr.write('\r\u001b[K');
  }

  #text(ms: number): string {
    const rate = (this.#nMade / ((ms - this.#startedMs) / 1000)).toFixed(1);
    const before = this.#nFromBefore > 0 ? `, ${this.#nFromBefore} from before` : '';
    const best = this.#best();
    const name = this.#name === '' ? '' : `${this.#name}: `;
    return `${name}${this.#nMade} runs made${before}, ${rate}/s${best === '' ? '' : ` · ${best}`}`;
  }
}
