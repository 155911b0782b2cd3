import { describe, expect, it } from 'vitest';
import { meanInterval } from './interval.ts';

describe('meanInterval', () => {
  it('reproduces a textbook example', () => {
    // NIST/SEMATECH e-Handbook, 1.3.5.2 (ZARR13): n 195, mean 9.26146, s 0.02279, half-width 0.00323. Rebuilt
    // here from two-point data with the same n, mean and standard deviation.
    const d = 0.02278881 * Math.sqrt(194 / 195);
    const values = [
      9.26146,
      ...Array.from({ length: 194 }, (_, i) => 9.26146 + (i % 2 === 0 ? d : -d) * Math.sqrt(195 / 194)),
    ];
    const interval = meanInterval(values);
    expect(interval.n).toBe(195);
    expect(interval.mean).toBeCloseTo(9.26146, 10);
    expect(interval.halfWidth).toBeCloseTo(0.00322, 4);
  });

  it('uses n - 1 degrees of freedom', () => {
    // mean 3, s^2 2.5, t(0.975, 4) = 2.7764
    const interval = meanInterval([1, 2, 3, 4, 5]);
    expect(interval.halfWidth).toBeCloseTo(2.7764451 * Math.sqrt(2.5 / 5), 6);
    expect(interval.low + interval.high).toBeCloseTo(6, 12);
    expect(interval.variance).toBe(2.5);
  });

  it('says nothing of the spread of a single value and nothing at all of none', () => {
    expect(meanInterval([7])).toMatchObject({
      n: 1,
      mean: 7,
      halfWidth: Infinity,
      low: -Infinity,
      high: Infinity,
    });
    expect(meanInterval([]).mean).toBeNaN();
  });

  it('is a point when every replication says the same', () => {
    expect(meanInterval([4, 4, 4])).toMatchObject({ mean: 4, halfWidth: 0, low: 4, high: 4 });
  });
});
