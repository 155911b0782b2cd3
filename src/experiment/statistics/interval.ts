// Confidence intervals of a mean over independent replications (Student's t; the classic fixed-sample procedure).
import { mean, sampleVariance } from 'simple-statistics';
import { studentTQuantile } from './student-t.ts';

/** A mean and how sure it is. With fewer than two values nothing is known of the spread: the half-width is Infinity. */
export interface Interval {
  readonly n: number;
  readonly mean: number;
  /** Sample variance (divisor n - 1); NaN with fewer than two values. */
  readonly variance: number;
  readonly confidence: number;
  readonly halfWidth: number;
  readonly low: number;
  readonly high: number;
}

const quantiles = new Map<string, number>();

/** The two-sided critical value, cached: experiments ask for the same few thousands of times. */
function criticalValue(confidence: number, df: number): number {
  const key = `${confidence}/${df}`;
  let value = quantiles.get(key);
  if (value === undefined) {
    value = studentTQuantile(0.5 + confidence / 2, df);
    quantiles.set(key, value);
  }
  return value;
}

/**
 * The two-sided interval of the mean of `values`, which must be independent and identically distributed.
 * No values: the mean is NaN.
 */
export function meanInterval(values: readonly number[], confidence = 0.95): Interval {
  const n = values.length;
  const centre = n === 0 ? Number.NaN : mean(values as number[]);
  const variance = n < 2 ? Number.NaN : sampleVariance(values as number[]);
  const halfWidth = n < 2 ? Infinity : criticalValue(confidence, n - 1) * Math.sqrt(variance / n);
  return {
    n,
    mean: centre,
    variance,
    confidence,
    halfWidth,
    low: centre - halfWidth,
    high: centre + halfWidth,
  };
}
