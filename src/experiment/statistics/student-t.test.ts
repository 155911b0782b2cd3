import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentTQuantile, studentTUpperTail } from './student-t.ts';

describe('studentTQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2 (three decimals).
  const published: [df: number, p90: number, p95: number, p975: number, p99: number, p995: number][] = [
    [1, 3.078, 6.314, 12.706, 31.821, 63.657],
    [2, 1.886, 2.92, 4.303, 6.965, 9.925],
    [3, 1.638, 2.353, 3.182, 4.541, 5.841],
    [4, 1.533, 2.132, 2.776, 3.747, 4.604],
    [5, 1.476, 2.015, 2.571, 3.365, 4.032],
    [9, 1.383, 1.833, 2.262, 2.821, 3.25],
    [10, 1.372, 1.812, 2.228, 2.764, 3.169],
    [19, 1.328, 1.729, 2.093, 2.539, 2.861],
    [29, 1.311, 1.699, 2.045, 2.462, 2.756],
    [60, 1.296, 1.671, 2.0, 2.39, 2.66],
    [100, 1.29, 1.66, 1.984, 2.364, 2.626],
  ];
  it.each(published)('agrees with the published table at %d degrees of freedom', (df, ...row) => {
    const ours = [0.9, 0.95, 0.975, 0.99, 0.995].map((p) => Number(studentTQuantile(p, df).toFixed(3)));
    expect(ours).toEqual(row);
  });

  it('agrees with the closed forms for 1, 2 and 4 degrees of freedom to 1e-10', () => {
    for (const p of [0.501, 0.6, 0.75, 0.9, 0.975, 0.999, 0.99999]) {
      const alpha = 4 * p * (1 - p);
      const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
      const exact = {
        1: Math.tan(Math.PI * (p - 0.5)),
        2: (2 * p - 1) * Math.sqrt(2 / alpha),
        4: 2 * Math.sqrt(q - 1),
      };
      for (const [df, value] of Object.entries(exact)) {
        expect(Math.abs(studentTQuantile(p, Number(df)) / value - 1)).toBeLessThan(1e-10);
      }
    }
  });

  it('tends to the normal quantile', () => {
    // Normal 0.975 quantile with the first two Cornish-Fisher corrections (Abramowitz and Stegun 26.7.5).
    const z = 1.959963984540054;
    const expected = (df: number) =>
      z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df * df);
    expect(studentTQuantile(0.975, 1e4)).toBeCloseTo(expected(1e4), 10);
    expect(studentTQuantile(0.975, 1e6)).toBeCloseTo(expected(1e6), 9);
  });

  it('agrees with numerical integration of the density', () => {
    // Simpson over theta with t = sqrt(df) tan(theta): the density becomes cos(theta)^(df - 1) up to a constant.
    const integral = (from: number, to: number, df: number): number => {
      const n = 4000;
      const h = (to - from) / n;
      let sum = 0;
      for (let i = 0; i <= n; i++) {
        const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
        sum += weight * Math.cos(from + i * h) ** (df - 1);
      }
      return (sum * h) / 3;
    };
    for (const df of [3, 7, 20, 49, 50, 51, 200]) {
      for (const t of [0.01, 0.3, 1, 2.5, 6]) {
        const theta = Math.atan(t / Math.sqrt(df));
        const expected = integral(theta, Math.PI / 2, df) / (2 * integral(0, Math.PI / 2, df));
        expect(Math.abs(studentTUpperTail(t, df) - expected)).toBeLessThan(1e-11);
      }
    }
  });

  it('is the inverse of the tail and antisymmetric', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5001, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        (p, df) => {
          const t = studentTQuantile(p, df);
          expect(studentTUpperTail(t, df)).toBeCloseTo(1 - p, 12);
          expect(studentTQuantile(1 - p, df) + t).toBeCloseTo(0, 6);
        },
      ),
      { numRuns: 50 },
    );
  });
});
