// Replications in waves: all points get the same replications; when a wave is in, a rule says how many are needed.
// Rules see only whole waves, so neither the answer nor what is asked depends on the order in which runs finish.
import { assert } from '../base/assert.ts';
import { type Metrics, type Point, type RunRequest, requestOf } from './experiment.ts';
import { SampleStore, type Samples } from './samples.ts';
import type { ReplicationRule } from './statistics/stopping.ts';

/** How many replications are needed in all, judging by those at hand; `samples.n` or less: enough. */
export type NeededRule = (samples: Samples) => number;

export class Waves<P> {
  readonly samples: Samples;
  #store: SampleStore;
  #points: readonly Point<P>[];
  #indexOf: ReadonlyMap<string, number>;
  #seed: string;
  #rule: ReplicationRule;
  #needed: NeededRule;
  #nAsked = 0;
  #done = false;

  constructor(points: readonly Point<P>[], seed: string, rule: ReplicationRule, needed: NeededRule) {
    this.#points = points;
    this.#indexOf = new Map(points.map((point, i) => [point.id, i]));
    assert(this.#indexOf.size === points.length, 'points have distinct ids');
    this.#seed = seed;
    this.#rule = rule;
    this.#needed = needed;
    this.#store = new SampleStore(points.length);
    this.samples = this.#store;
  }

  get done(): boolean {
    return this.#done;
  }

  next(): RunRequest<P>[] {
    const { n } = this.#store;
    if (this.#done || n < this.#nAsked) return [];
    const requests: RunRequest<P>[] = [];
    for (const target = this.#target(n); this.#nAsked < target; this.#nAsked++) {
      for (const point of this.#points) requests.push(requestOf(point, this.#seed, this.#nAsked));
    }
    return requests;
  }

  accept(request: RunRequest<P>, metrics: Metrics): void {
    const pointIdx = this.#indexOf.get(request.point.id);
    assert(
      pointIdx !== undefined && request.replication < this.#nAsked,
      'a result belongs to a run that was asked for',
    );
    this.#store.set(pointIdx, request.replication, metrics);
    const { n } = this.#store;
    this.#done = n === this.#nAsked && this.#target(n) <= n;
  }

  /** Replications wanted in all after `n`. A wave at most doubles them: early estimates of the spread are poor. */
  #target(n: number): number {
    const { nMin, nMax } = this.#rule;
    if (n < nMin) return nMin;
    return Math.min(nMax, 2 * n, this.#needed(this.samples));
  }
}
