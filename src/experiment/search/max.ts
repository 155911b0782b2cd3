// The largest scale that still meets the objectives: double until missed, bisect, then look around. That more load
// is never easier is not assumed but checked at scales below and above the answer; a miss found below moves the
// answer down, so that every scale judged at or below it is met.
import { InputError, type Problem } from '../../base/errors.ts';
import type { Point } from '../experiment.ts';
import { type Judged, type JudgeOptions, Search, type Strategy } from './search.ts';

export interface MaxOptions {
  /** First scale tried; 1 by default. */
  readonly start?: number;
  /** Scales below `min` and above `max` are not tried; by default start / 2^20 and start * 2^20. */
  readonly min?: number;
  readonly max?: number;
  /** Only whole scales (copies of a manifest set). */
  readonly isInteger?: boolean;
  /** The answer is found to this ratio of itself; 0.01 by default. Whole scales are found exactly below 1 / tolerance. */
  readonly toleranceRatio?: number;
  /** Scales checked below and above the answer; 3 by default. */
  readonly nChecks?: number;
}

export interface MaxResult<P> {
  /** Largest scale found that meets the objectives, all judged scales below it too; undefined when none does. */
  readonly scale: number | undefined;
  /** Smallest judged scale that does not; undefined when even the maximum meets them. */
  readonly missedAt: number | undefined;
  /** Whether no larger scale was found to meet what a smaller one missed. */
  readonly isMonotone: boolean;
  /** Every scale judged, ascending. */
  readonly judged: readonly { scale: number; judged: Judged<P> }[];
}

type Limits = Required<MaxOptions>;

function withDefaults(options: MaxOptions): Limits {
  const start = options.start ?? 1;
  const isInteger = options.isInteger ?? false;
  const limits = {
    start,
    isInteger,
    min: options.min ?? (isInteger ? Math.min(1, start) : start / 2 ** 20),
    max: options.max ?? start * 2 ** 20,
    toleranceRatio: options.toleranceRatio ?? 0.01,
    nChecks: options.nChecks ?? 3,
  };
  const problems: Problem[] = [];
  const { min, max } = limits;
  if (!(min > 0)) problems.push({ path: 'min', message: `${min} is not a positive number` });
  if (!(min <= start && start <= max))
    problems.push({ path: 'start', message: `${start} is not within ${min} to ${max}` });
  if (!(limits.toleranceRatio > 0))
    problems.push({ path: 'tolerance', message: `${limits.toleranceRatio} is not a positive number` });
  if (isInteger && ![start, min, max].every(Number.isInteger))
    problems.push({ path: 'start', message: 'scales must be whole numbers' });
  if (problems.length > 0) throw new InputError(problems);
  return limits;
}

class MaxSearch<P> {
  #judged = new Map<number, Judged<P>>();
  #limits: Limits;
  #pointAt: (scale: number) => Point<P>;

  constructor(pointAt: (scale: number) => Point<P>, limits: Limits) {
    this.#pointAt = pointAt;
    this.#limits = limits;
  }

  *strategy(): Strategy<P> {
    for (;;) {
      const scales = this.#nextScales();
      if (scales.length === 0) return;
      const judged = yield scales.map((scale) => this.#pointAt(scale));
      for (const [i, scale] of scales.entries()) this.#judged.set(scale, judged[i]!);
    }
  }

  result(): MaxResult<P> {
    const judged = [...this.#judged]
      .sort(([a], [b]) => a - b)
      .map(([scale, verdict]) => ({ scale, judged: verdict }));
    const { met, missed } = this.#edges();
    const isMonotone = !judged.some(
      ({ scale, judged: { met: isMet } }) => isMet && missed !== undefined && scale > missed,
    );
    return { scale: met, missedAt: missed, isMonotone, judged };
  }

  /** The smallest missed scale, and the largest met one below it. */
  #edges(): { met: number | undefined; missed: number | undefined } {
    let missed: number | undefined;
    let met: number | undefined;
    for (const [scale, { met: isMet }] of this.#judged) {
      if (!isMet && (missed === undefined || scale < missed)) missed = scale;
    }
    for (const [scale, { met: isMet }] of this.#judged) {
      if (isMet && scale < (missed ?? Infinity) && (met === undefined || scale > met)) met = scale;
    }
    return { met, missed };
  }

  #nextScales(): number[] {
    const { start, min, max } = this.#limits;
    if (this.#judged.size === 0) return [start];
    const { met, missed } = this.#edges();
    if (missed === undefined) return met! < max ? [Math.min(max, met! * 2)] : this.#checks(max, undefined);
    if (met === undefined) return missed > min ? [Math.max(min, this.#round(missed / 2))] : [];
    const middle = this.#round((met + missed) / 2);
    const isClose = missed - met <= met * this.#limits.toleranceRatio || middle <= met || middle >= missed;
    return isClose ? this.#checks(met, missed) : [middle];
  }

  /** Evenly spaced below the answer, and at growing distance above; only those not judged yet. */
  #checks(met: number, missed: number | undefined): number[] {
    const { min, max, nChecks } = this.#limits;
    const scales: number[] = [];
    for (let i = 1; i <= nChecks; i++) {
      scales.push(this.#round((met * i) / (nChecks + 1)));
      if (missed !== undefined) scales.push(this.#round(missed * (1 + i / nChecks)));
    }
    return [...new Set(scales)].filter((scale) => scale >= min && scale <= max && !this.#judged.has(scale));
  }

  #round(scale: number): number {
    return this.#limits.isInteger ? Math.floor(scale) : scale;
  }
}

/** `pointAt` makes the point of a scale, with an id of its own. Throws an InputError for limits that cannot be meant. */
export function maxSearch<P>(
  pointAt: (scale: number) => Point<P>,
  options: MaxOptions,
  judgeOptions: JudgeOptions,
): Search<P, MaxResult<P>> {
  const search = new MaxSearch(pointAt, withDefaults(options));
  return new Search(search.strategy(), () => search.result(), judgeOptions);
}
