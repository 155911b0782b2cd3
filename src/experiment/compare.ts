// Two or more alternatives on the same random numbers, each compared with the first by paired differences.
import { InputError } from '../base/errors.ts';
import type { Experiment, Metrics, Point, RunRequest } from './experiment.ts';
import {
  checkOptions,
  type Intervals,
  metricIntervals,
  neededRuns,
  type ReplicateOptions,
} from './replicate.ts';
import type { Samples } from './samples.ts';
import { type PairedComparison, pairedComparison } from './statistics/paired.ts';
import { type Precision, wantedHalfWidth } from './statistics/stopping.ts';
import { Waves } from './waves.ts';

export interface ComparedVariant<P> {
  readonly point: Point<P>;
  readonly intervals: Intervals;
  /** metric -> this variant against the first; empty for the first. */
  readonly against: Readonly<Record<string, PairedComparison>>;
}

export interface Compared<P> {
  readonly n: number;
  readonly variants: readonly ComparedVariant<P>[];
}

/**
 * `options.precision` is of the differences: replications go on until each wanted metric's difference from the first
 * variant is known that precisely (a ratio is of the first variant's mean).
 */
export class Compare<P> implements Experiment<P, Compared<P>> {
  #points: readonly Point<P>[];
  #options: ReplicateOptions;
  #waves: Waves<P>;

  /** Throws an InputError for fewer than two variants, variants of one name, or a rule that cannot be meant. */
  constructor(points: readonly Point<P>[], options: ReplicateOptions) {
    if (points.length < 2) throw new InputError('a comparison needs at least two variants');
    const ids = points.map((point) => point.id);
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice !== undefined) throw new InputError(`two variants have the same name "${twice}"`);
    checkOptions(options);
    this.#points = points;
    this.#options = options;
    this.#waves = new Waves(points, options.seed, options.rule, (samples) => this.#needed(samples));
  }

  next(): readonly RunRequest<P>[] {
    return this.#waves.next();
  }

  accept(request: RunRequest<P>, metrics: Metrics): void {
    this.#waves.accept(request, metrics);
  }

  get done(): boolean {
    return this.#waves.done;
  }

  get answer(): Compared<P> {
    const { samples } = this.#waves;
    const variants = this.#points.map((point, i) => ({
      point,
      intervals: metricIntervals(samples, i, this.#options.confidence),
      against: i === 0 ? {} : this.#against(samples, i),
    }));
    return { n: samples.n, variants };
  }

  #pair(samples: Samples, pointIdx: number, metric: string): PairedComparison {
    const columns = [samples.column(0, metric), samples.column(pointIdx, metric)] as const;
    return pairedComparison(...columns, this.#options.confidence);
  }

  #against(samples: Samples, pointIdx: number): Record<string, PairedComparison> {
    const names = new Set([...samples.metricNames(0), ...samples.metricNames(pointIdx)]);
    return Object.fromEntries([...names].map((name) => [name, this.#pair(samples, pointIdx, name)]));
  }

  #needed(samples: Samples): number {
    const { precision = {}, confidence } = this.#options;
    let needed = 0;
    for (const [metric, target] of Object.entries(precision)) {
      for (let i = 1; i < this.#points.length; i++) {
        const { difference, meanFirst } = this.#pair(samples, i, metric);
        const halfWidthAbsolute = wantedHalfWidth(meanFirst, { confidence, ...target });
        const wanted: Precision = { confidence, halfWidthAbsolute };
        needed = Math.max(needed, neededRuns(samples.n, difference, wanted));
      }
    }
    return needed;
  }
}
