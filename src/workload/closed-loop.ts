// A fixed number of users who each send a pod, wait until it has finished, think, and send the next.
// Think times are drawn in the order in which users begin to think.

import TinyQueue from 'tinyqueue';
import { parseDurationUs } from '../base/duration.ts';
import { sampler } from '../sim/distributions.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import { distributionOf } from './distribution.schema.ts';
import type { ArrivalSpec, GeneratorSpec } from './generator.schema.ts';
import { PodDeck } from './pod-deck.ts';
import type { Arrival, Feedback, PodArrival, WorkloadSource } from './source.ts';
import { type Span, spanOf } from './span.ts';

export type ClosedSpec = Extract<ArrivalSpec, { process: 'closed' }>;

export class ClosedLoop implements WorkloadSource, Feedback {
  readonly name: string;
  readonly skippedRows = 0;
  readonly #deck: PodDeck;
  readonly #drawThinkUs: () => number;
  readonly #span: Span;
  /** When each thinking user sends the next pod. Users are alike, so the order of equal times is no matter. */
  readonly #sendsUs = new TinyQueue<number>();
  #nRunning = 0;
  #next: PodArrival | undefined;

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
    return this.#next === undefined && this.#deck.nDrawn >= this.#span.nPodsMax;
  }

  peek(): Arrival | undefined {
    const atUs = this.#sendsUs.peek();
    if (atUs === undefined || this.#isAtLimit) return undefined;
    this.#next ??= this.#deck.draw(atUs, this);
    // Feedback may have brought an earlier time for the pod that was shown.
    if (this.#next.atUs !== atUs) this.#next = { ...this.#next, atUs };
    return this.#next;
  }

  shift(): void {
    this.#sendsUs.pop();
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
