import { describe, expect, it } from 'vitest';
import { meanInterval } from './interval.ts';
import { pairedComparison, verdictSentence } from './paired.ts';

const seconds = (value: number) => `${value.toFixed(1)} s`;

describe('pairedComparison', () => {
  it('finds a small steady difference that unpaired intervals cannot see', () => {
    const first = [10, 50, 90, 20, 70, 30];
    const second = first.map((value, i) => value - 2 - (i % 2) * 0.1);
    const result = pairedComparison(first, second);
    expect(result.verdict).toBe('lower');
    expect(result.difference.mean).toBeCloseTo(-2.05, 12);
    expect(meanInterval(first).low).toBeLessThan(result.meanSecond);
  });

  it('calls a difference whose interval contains zero not significant', () => {
    expect(pairedComparison([1, 2, 3, 4], [2, 1, 4, 3]).verdict).toBe('not significant');
  });

  it('tells equal results from results that merely do not differ significantly', () => {
    expect(pairedComparison([1, 2, 3], [1, 2, 3]).verdict).toBe('identical');
  });

  it('knows nothing from a single differing pair', () => {
    expect(pairedComparison([1], [2]).verdict).toBe('unknown');
    expect(pairedComparison([1], [1]).verdict).toBe('identical');
    expect(pairedComparison([], []).verdict).toBe('unknown');
  });

  it('leaves out and counts pairs in which one has no value', () => {
    const result = pairedComparison([1, null, 3, 5], [2, 2, Number.NaN, 6, 9]);
    expect(result.nUnpaired).toBe(3);
    expect(result.difference).toMatchObject({ n: 2, mean: 1, halfWidth: 0 });
    expect(result.verdict).toBe('higher');
  });
});

describe('verdictSentence', () => {
  it.each([
    [
      'lower, nearest end first',
      [10, 10, 10, 10],
      [8, 7.9, 8.1, 7.8],
      "B's p99 pending is 1.8 to 2.3 s lower (95 %)",
    ],
    ['both ends once if they read the same', [1, 1], [3, 3], "B's p99 pending is 2.0 s higher (95 %)"],
    ['the same', [1, 1], [1, 1], "B's p99 pending is the same in every replication"],
    ['too few', [1], [3], "B's p99 pending: too few replications to say"],
    ['no value', [null, null], [3, 4], "B's p99 pending: no replication has a value of both"],
  ])('says %s', (_name, first, second, expected) => {
    const text = verdictSentence('B', 'p99 pending', pairedComparison(first, second), (v) => v.toFixed(1));
    expect(text.replace(/(\d) (lower|higher)/, '$1 s $2')).toBe(expected);
  });

  it('names the interval of a difference that is not significant', () => {
    const text = verdictSentence('B', 'wait', pairedComparison([1, 2, 3, 4], [2, 1, 4, 3]), seconds);
    expect(text).toBe("B's wait: no significant difference (-1.8 s to 1.8 s, 95 %)");
  });
});
