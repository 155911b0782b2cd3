// n replications of one point, and the interval of every metric.
import type { Experiment, Metrics, Point, RunRequest } from './experiment.ts';
import { columnInterval, type Samples } from './samples.ts';
import type { Interval } from './statistics/interval.ts';
import {
  checkRule,
  isPreciseEnough,
  neededReplications,
  type Precision,
  type ReplicationRule,
} from './statistics/stopping.ts';
import { Waves } from './waves.ts';

export interface ReplicateOptions {
  readonly seed: string;
  readonly rule: ReplicationRule;
  readonly confidence: number;
  /** Wanted precision by metric: replications go on until all are reached or the rule's maximum is. */
  readonly precision?: Readonly<Record<string, Omit<Precision, 'confidence'>>>;
}

export type Intervals = Readonly<Record<string, Interval>>;

export interface Replicated {
  readonly n: number;
  /** metric -> interval, in order of first appearance. */
  readonly intervals: Intervals;
  /** Metrics whose wanted precision was not reached. */
  readonly imprecise: readonly string[];
}

/** Throws an InputError listing what cannot be meant. */
export function checkOptions({ rule, confidence, precision = {} }: ReplicateOptions): void {
  checkRule(rule, { confidence });
  for (const target of Object.values(precision)) checkRule(rule, { confidence, ...target });
}

/** Intervals of every metric of one point. */
export function metricIntervals(samples: Samples, pointIdx: number, confidence: number): Intervals {
  const names = samples.metricNames(pointIdx);
  return Object.fromEntries(
    names.map((name) => [name, columnInterval(samples.column(pointIdx, name), confidence)]),
  );
}

/**
 * Replications needed in all for one interval, of which some of the `nMade` runs had no value. A metric that never
 * has a value asks for no more.
 */
export function neededRuns(nMade: number, interval: Interval, precision: Precision): number {
  return interval.n === 0 ? nMade : nMade - interval.n + neededReplications(interval, precision);
}

export class Replicate<P> implements Experiment<P, Replicated> {
  #waves: Waves<P>;
  #options: ReplicateOptions;

  /** Throws an InputError when the rule or a precision cannot be meant. */
  constructor(point: Point<P>, options: ReplicateOptions) {
    checkOptions(options);
    this.#options = options;
    this.#waves = new Waves([point], options.seed, options.rule, (samples) => this.#needed(samples));
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

  get answer(): Replicated {
    const { samples } = this.#waves;
    const intervals = metricIntervals(samples, 0, this.#options.confidence);
    const imprecise = this.#targets().filter(([metric, target]) => {
      const interval = intervals[metric];
      return interval === undefined || !isPreciseEnough(interval, target);
    });
    return { n: samples.n, intervals, imprecise: imprecise.map(([metric]) => metric) };
  }

  #targets(): [metric: string, target: Precision][] {
    const { precision = {}, confidence } = this.#options;
    return Object.entries(precision).map(([metric, target]) => [metric, { confidence, ...target }]);
  }

  #needed(samples: Samples): number {
    const needs = this.#targets().map(([metric, target]) =>
      neededRuns(samples.n, columnInterval(samples.column(0, metric), target.confidence), target),
    );
    return Math.max(0, ...needs);
  }
}
