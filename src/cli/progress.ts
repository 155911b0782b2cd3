// How far a run is: a bar with rate and time left on a terminal, a line now and then elsewhere; nothing for runs that
// are over within a second.

import { SingleBar } from 'cli-progress';
import { formatDurationUs } from '../base/duration.ts';

const MS_BEFORE_START = 1000;
const MS_PER_UPDATE = 100;
const MS_PER_LINE = 10_000;
const N_STEPS = 1000;

export interface ProgressState {
  readonly nowUs: number;
  /** Infinity: nobody knows when it ends. */
  readonly untilUs: number;
  readonly nEvents: number;
}

export interface Progress {
  /** Called often; cheap. */
  update(state: ProgressState): void;
  stop(): void;
}

const NONE: Progress = { update: () => {}, stop: () => {} };

export function openProgress(isQuiet: boolean): Progress {
  if (isQuiet) return NONE;
  return process.stderr.isTTY ? new Bar() : new Lines();
}

function rounded(us: number): string {
  return formatDurationUs(Math.round(us / 1e6) * 1e6);
}

function eventsPerSecond(nEvents: number, ms: number): string {
  const rate = nEvents / (ms / 1000);
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} M events/s` : `${Math.round(rate / 1e3)} k events/s`;
}

class Bar implements Progress {
  readonly #startedMs = performance.now();
  #shownMs = 0;
  #bar: SingleBar | undefined;

  update({ nowUs, untilUs, nEvents }: ProgressState): void {
    const ms = performance.now();
    const elapsedMs = ms - this.#startedMs;
    if (elapsedMs < MS_BEFORE_START || ms - this.#shownMs < MS_PER_UPDATE) return;
    this.#shownMs = ms;
    const isKnown = Number.isFinite(untilUs);
    const share = isKnown ? nowUs / untilUs : 0;
    const leftUs = share > 0 ? (elapsedMs * 1e3 * (1 - share)) / share : Number.NaN;
    const payload = {
      time: rounded(nowUs),
      speed: eventsPerSecond(nEvents, elapsedMs),
      left: Number.isNaN(leftUs) ? '' : ` · ${rounded(leftUs)} left`,
    };
    this.#bar ??= this.#open(isKnown, payload);
    this.#bar.update(Math.round(share * N_STEPS), payload);
  }

  stop(): void {
    this.#bar?.stop();
  }

  #open(isKnown: boolean, payload: object): SingleBar {
    const bar = new SingleBar({
      format: `${isKnown ? '{bar} {percentage} % · ' : ''}{time} simulated · {speed}{left}`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C is heard by the run itself.
      gracefulExit: false,
    });
    bar.start(N_STEPS, 0, payload);
    return bar;
  }
}

class Lines implements Progress {
  readonly #startedMs = performance.now();
  #nextMs = this.#startedMs + MS_PER_LINE;

  update({ nowUs, untilUs, nEvents }: ProgressState): void {
    const ms = performance.now();
    if (ms < this.#nextMs) return;
    this.#nextMs = ms + MS_PER_LINE;
    const of = Number.isFinite(untilUs) ? ` of ${formatDurationUs(untilUs)}` : '';
    const speed = eventsPerSecond(nEvents, ms - this.#startedMs);
    process.stderr.write(`${rounded(nowUs)}${of} simulated, ${speed}\n`);
  }

  stop(): void {}
}
