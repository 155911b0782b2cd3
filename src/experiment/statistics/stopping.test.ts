import { describe, expect, it } from 'vitest';
import { meanInterval } from './interval.ts';
import { checkRule, isPreciseEnough, neededReplications, ruleProblems } from './stopping.ts';

const interval = meanInterval([8, 9, 10, 11, 12]); // mean 10, half-width 1.963

describe('isPreciseEnough', () => {
  it.each([
    ['an absolute width that is reached', { halfWidthAbsolute: 2 }, true],
    ['an absolute width that is not', { halfWidthAbsolute: 1.9 }, false],
    [
      'a relative width, corrected for the mean being an estimate: 0.25 / 1.25 = 20 %',
      { halfWidthRatio: 0.25 },
      true,
    ],
    ['a relative width that only an uncorrected rule would accept', { halfWidthRatio: 0.2 }, false],
    ['both, when one is missed', { halfWidthAbsolute: 2, halfWidthRatio: 0.01 }, false],
    ['nothing wanted', {}, true],
  ])('judges %s', (_name, target, expected) => {
    expect(isPreciseEnough(interval, { confidence: 0.95, ...target })).toBe(expected);
  });

  it('is never satisfied by a single value when something is wanted', () => {
    expect(isPreciseEnough(meanInterval([5]), { confidence: 0.95, halfWidthAbsolute: 1e9 })).toBe(false);
  });
});

describe('neededReplications', () => {
  it('quadruples for half the width', () => {
    const halfWidthAbsolute = interval.halfWidth / 2;
    expect(neededReplications(interval, { confidence: 0.95, halfWidthAbsolute })).toBe(20);
  });
  it('asks for at least one more', () => {
    expect(
      neededReplications(interval, { confidence: 0.95, halfWidthAbsolute: interval.halfWidth * 0.9999 }),
    ).toBe(6);
  });
  it('asks for no more when precise', () => {
    expect(neededReplications(interval, { confidence: 0.95, halfWidthAbsolute: 3 })).toBe(5);
  });
});

describe('ruleProblems', () => {
  it('names every mistake at once', () => {
    const problems = ruleProblems({ nMin: 0, nMax: -1 }, { confidence: 95, halfWidthAbsolute: -1 });
    expect(problems.map((problem) => problem.path)).toEqual([
      'replications.min',
      'replications.max',
      'confidence',
      'halfWidth',
    ]);
    expect(() => checkRule({ nMin: 3, nMax: 2 })).toThrow('2 is not a whole number >= the minimum of 3');
    expect(() => checkRule({ nMin: 1, nMax: 1 })).not.toThrow();
  });
});
