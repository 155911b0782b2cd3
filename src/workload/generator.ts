// Pods made by chance, without end unless told otherwise. In an open loop they arrive whatever becomes of them;
// in a closed loop a fixed number of users each wait for their pod to finish, think, and send the next.

import TinyQueue from 'tinyqueue';
import { parseDurationUs } from '../base/duration.ts';
import { type ArrivalProcess, arrivalProcess, type ArrivalSpec as Process } from '../sim/arrivals.ts';
import { sampler } from '../sim/distributions.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import { distributionOf } from './distribution.schema.ts';
import type { ArrivalSpec, GeneratorSpec } from './generator.schema.ts';
import { type DrawnPod, PodDeck } from './pod-deck.ts';
import { parseRatePerSec } from './rate.ts';
import type { Arrival, Feedback, WorkloadSource } from './source.ts';

type ClosedSpec = Extract<ArrivalSpec, { process: 'closed' }>;
type OpenSpec = Exclude<ArrivalSpec, ClosedSpec>;

/** The source that a generator entry of a scenario describes. */
export function openGenerator(spec: GeneratorSpec, streams: RandomStreams): WorkloadSource {
  const { arrivals } = spec;
  return arrivals.process === 'closed'
    ? new ClosedLoop(spec, arrivals, streams)
    : new OpenLoop(spec, arrivals, streams);
}

interface Span {
  readonly startUs: number;
  readonly endUs: number;
  readonly nPodsMax: number;
}

function spanOf(spec: GeneratorSpec): Span {
  return {
    startUs: parseDurationUs(spec.start ?? 0),
    endUs: spec.end === undefined ? Number.POSITIVE_INFINITY : parseDurationUs(spec.end),
    nPodsMax: spec.limit ?? Number.POSITIVE_INFINITY,
  };
}

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
    if (atUs < this.#span.endUs) this.#next = { ...this.#deck.draw(), atUs };
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

/** Think times are drawn in the order in which users begin to think. */
export class ClosedLoop implements WorkloadSource, Feedback {
  readonly name: string;
  readonly skippedRows = 0;
  readonly #deck: PodDeck;
  readonly #drawThinkUs: () => number;
  readonly #span: Span;
  /** When each thinking user sends the next pod. Users are alike, so the order of equal times is no matter. */
  readonly #sendsUs = new TinyQueue<number>();
  #nRunning = 0;
  #pod: DrawnPod | undefined;
  #next: Arrival | undefined;

  constructor(spec: GeneratorSpec, arrivals: ClosedSpec, streams: RandomStreams) {
    this.name = spec.generator;
    this.#deck = new PodDeck(spec, streams);
    const think = distributionOf(arrivals.think, parseDurationUs);
    this.#drawThinkUs = sampler(think, streams.open(`workload/${spec.generator}/think`));
    this.#span = spanOf(spec);
    this.#think(this.#span.startUs, arrivals.users);
  }

  get done(): boolean {
    return this.peek() === undefined && (this.#nRunning === 0 || this.#isAtLimit);
  }

  get #isAtLimit(): boolean {
    return this.#pod === undefined && this.#deck.nDrawn >= this.#span.nPodsMax;
  }

  peek(): Arrival | undefined {
    const atUs = this.#sendsUs.peek();
    if (atUs === undefined || this.#isAtLimit) return undefined;
    this.#pod ??= this.#deck.draw();
    // Feedback may have brought an earlier time for the pod that was shown.
    if (this.#next?.atUs !== atUs) this.#next = { ...this.#pod, atUs, feedback: this };
    return this.#next;
  }

  shift(): void {
    this.#sendsUs.pop();
    this.#pod = undefined;
    this.#next = undefined;
    this.#nRunning++;
  }

  onFinished(nowUs: number, count: number): void {
    this.#nRunning -= count;
    this.#think(nowUs, count);
  }

  #think(nowUs: number, nUsers: number): void {
    for (let i = 0; i < nUsers; i++) {
      const atUs = nowUs + Math.max(0, Math.round(this.#drawThinkUs()));
      if (atUs < this.#span.endUs) this.#sendsUs.push(atUs);
    }
  }
}
