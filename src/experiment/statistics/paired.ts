// Comparison of two alternatives by paired differences: both saw the same random numbers in each replication, so
// the difference has less noise than either value (common random numbers; Law, Simulation Modeling, section 10.2).
import { type Interval, meanInterval } from './interval.ts';

/** What the interval of the differences says of the second alternative against the first. */
export type Verdict = 'lower' | 'higher' | 'not significant' | 'identical' | 'unknown';

export interface PairedComparison {
  /** Mean of the first and of the second alternative, over the pairs. */
  readonly meanFirst: number;
  readonly meanSecond: number;
  /** Interval of second - first. */
  readonly difference: Interval;
  readonly verdict: Verdict;
  /** Replications left out because one of the two had no value. */
  readonly nUnpaired: number;
}

type Value = number | null | undefined;

function isNumber(value: Value): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function verdictOf(difference: Interval): Verdict {
  if (difference.n === 0) return 'unknown';
  if (difference.n < 2) return difference.mean === 0 ? 'identical' : 'unknown';
  if (difference.low > 0) return 'higher';
  if (difference.high < 0) return 'lower';
  return difference.mean === 0 && difference.variance === 0 ? 'identical' : 'not significant';
}

/**
 * Compares two columns of results, paired by position (= replication). A pair in which either has no value is left
 * out and counted. With fewer than two pairs the verdict is `unknown` unless the one pair is equal.
 */
export function pairedComparison(
  first: readonly Value[],
  second: readonly Value[],
  confidence = 0.95,
): PairedComparison {
  const differences: number[] = [];
  const pairs = { first: [] as number[], second: [] as number[] };
  const n = Math.max(first.length, second.length);
  for (let i = 0; i < n; i++) {
    const a = first[i];
    const b = second[i];
    if (!isNumber(a) || !isNumber(b)) continue;
    pairs.first.push(a);
    pairs.second.push(b);
    differences.push(b - a);
  }
  const difference = meanInterval(differences, confidence);
  return {
    meanFirst: meanInterval(pairs.first, confidence).mean,
    meanSecond: meanInterval(pairs.second, confidence).mean,
    difference,
    verdict: verdictOf(difference),
    nUnpaired: n - differences.length,
  };
}

/**
 * The verdict as a sentence, as in "B's p99 pending is 1.8 to 2.3 s lower (95 %)". `format` turns a magnitude of the
 * metric into text with its unit.
 */
export function verdictSentence(
  second: string,
  metric: string,
  comparison: PairedComparison,
  format: (value: number) => string,
): string {
  const { difference, verdict } = comparison;
  const percent = `${Number((difference.confidence * 100).toFixed(2))} %`;
  switch (verdict) {
    case 'identical':
      return `${second}'s ${metric} is the same in every replication`;
    case 'unknown':
      return `${second}'s ${metric}: ${difference.n === 0 ? 'no replication has a value of both' : 'too few replications to say'}`;
    case 'not significant':
      return `${second}'s ${metric}: no significant difference (${format(difference.low)} to ${format(difference.high)}, ${percent})`;
    default: {
      const ends = [Math.abs(difference.low), Math.abs(difference.high)].sort((a, b) => a - b);
      const texts = new Set(ends.map(format));
      return `${second}'s ${metric} is ${[...texts].join(' to ')} ${verdict} (${percent})`;
    }
  }
}
