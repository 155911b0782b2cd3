// Merges several sources into one in time order; at one instant the source listed first goes first.
// A streamed source with an empty buffer holds the others back until it is refilled: its next row may be earlier.

import type { Arrival, WorkloadSource } from './source.ts';

class MergedSource implements WorkloadSource {
  readonly name = 'workload';
  readonly #sources: readonly WorkloadSource[];

  constructor(sources: readonly WorkloadSource[]) {
    this.#sources = sources;
  }

  get done(): boolean {
    return this.#sources.every((source) => source.done);
  }

  get skippedRows(): number {
    return this.#sources.reduce((sum, source) => sum + source.skippedRows, 0);
  }

  peek(): Arrival | undefined {
    return this.#earliest()?.peek();
  }

  shift(): void {
    this.#earliest()?.shift();
  }

  /** Absent while no source waits for input, though others may wait for feedback. */
  get refill(): (() => Promise<void>) | undefined {
    return this.#sources.some(isWaitingForInput) ? this.#refill : undefined;
  }

  readonly #refill = async (): Promise<void> => {
    for (const source of this.#sources) if (isWaitingForInput(source)) await source.refill?.();
  };

  #earliest(): WorkloadSource | undefined {
    let best: WorkloadSource | undefined;
    let bestUs = Number.POSITIVE_INFINITY;
    for (const source of this.#sources) {
      if (isWaitingForInput(source)) return undefined;
      const atUs = source.peek()?.atUs;
      if (atUs === undefined || atUs >= bestUs) continue;
      best = source;
      bestUs = atUs;
    }
    return best;
  }
}

function isWaitingForInput(source: WorkloadSource): boolean {
  return source.refill !== undefined && !source.done && source.peek() === undefined;
}

/** One source that gives out the arrivals of all `sources` in time order, ties in the order of the list. */
export function mergeSources(sources: readonly WorkloadSource[]): WorkloadSource {
  return new MergedSource(sources);
}
