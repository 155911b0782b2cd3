// Pods that arrive whatever becomes of them.

import { parseDurationUs } from '../base/duration.ts';
import { type ArrivalProcess, arrivalProcess, type ArrivalSpec as Process } from '../sim/arrivals.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import { distributionOf } from './distribution.schema.ts';
import type { ArrivalSpec, GeneratorSpec } from './generator.schema.ts';
import { PodDeck } from './pod-deck.ts';
import { parseRatePerSec } from './rate.ts';
import type { Arrival, WorkloadSource } from './source.ts';
import { type Span, spanOf } from './span.ts';

export type OpenSpec = Exclude<ArrivalSpec, { process: 'closed' }>;

export class OpenLoop implements WorkloadSource {
  readonly name: string;
  readonly skippedRows = 0;
  readonly #deck: PodDeck;
  readonly #process: ArrivalProcess;
  readonly #span: Span;
  #lastUs: number;
  #next: Arrival | undefined;

  constructor(spec: GeneratorSpec, arrivals: OpenSpec, streams: RandomStreams) {
    this.name = spec.generator;
    this.#deck = new PodDeck(spec, streams);
    this.#process = arrivalProcess(processOf(arrivals), streams.open(`workload/${spec.generator}/arrivals`));
    this.#span = spanOf(spec);
    // The kernel's fixed process lets one interval pass first; batches are wanted from the start on.
    const leadUs = arrivals.process === 'batch' ? parseDurationUs(arrivals.every) : 0;
    this.#lastUs = this.#span.startUs - leadUs;
    this.#draw();
  }

  get done(): boolean {
    return this.#next === undefined;
  }

  peek(): Arrival | undefined {
    return this.#next;
  }

  shift(): void {
    this.#draw();
  }

  #draw(): void {
    this.#next = undefined;
    if (this.#deck.nDrawn >= this.#span.nPodsMax) return;
    const atUs = this.#process.next(this.#lastUs);
    this.#lastUs = atUs;
    if (atUs < this.#span.endUs) this.#next = this.#deck.draw(atUs);
  }
}

function processOf(spec: OpenSpec): Process {
  switch (spec.process) {
    case 'poisson':
    case 'fixed':
      return { kind: spec.process, ratePerSec: parseRatePerSec(spec.rate) };
    case 'diurnal':
      return { kind: 'diurnal', ratePerSec: parseRatePerSec(spec.rate), weights: spec.curve };
    case 'bursts': {
      const calm = { ratePerSec: parseRatePerSec(spec.rate), meanUs: parseDurationUs(spec.calm) };
      const burst = { ratePerSec: parseRatePerSec(spec.burstRate), meanUs: parseDurationUs(spec.burst) };
      return { kind: 'bursts', states: [calm, burst] };
    }
    case 'batch': {
      const every = { kind: 'fixed', ratePerSec: 1e6 / parseDurationUs(spec.every) } as const;
      return { kind: 'batch', of: every, size: distributionOf(spec.size, Number) };
    }
  }
}
