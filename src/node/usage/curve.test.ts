import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Curve, type CurveSpec } from './curve.ts';

describe('a usage curve', () => {
  const ramp = new Curve({
    points: [
      [0, 100],
      [10, 200],
      [20, 50],
    ],
    isStep: false,
  });
  const steps = new Curve({
    points: [
      [0, 100],
      [10, 200],
    ],
    isStep: true,
    repeatUs: 30,
  });

  it('draws straight lines, stays at its last value, and holds each value of a step', () => {
    expect([0, 5, 10, 16, 20, 99].map((at) => ramp.at(at))).toEqual([100, 150, 200, 110, 50, 50]);
    expect([0, 9, 10, 29, 30, 39, 40].map((at) => steps.at(at))).toEqual([100, 100, 200, 200, 100, 100, 200]);
  });

  it('tells when it exceeds a level', () => {
    expect([ramp.firstAbove(150, 0), ramp.firstAbove(150, 12), ramp.firstAbove(200, 0)]).toEqual([
      6,
      12,
      Infinity,
    ]);
    expect([steps.firstAbove(150, 0), steps.firstAbove(150, 31), steps.firstAbove(99, 35)]).toEqual([
      10, 40, 35,
    ]);
  });

  it('agrees with looking at every microsecond', () => {
    const spec = fc
      .tuple(
        fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 5, maxLength: 5 }),
        fc.boolean(),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      )
      .map(([times, values, isStep, pause]): CurveSpec => {
        const points = times.sort((a, b) => a - b).map((at, i) => [at, values[i]!] as const);
        return { points, isStep, ...(pause !== undefined && { repeatUs: points.at(-1)![0] + pause }) };
      });
    fc.assert(
      fc.property(
        spec,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 50 }),
        (curveSpec, from, level) => {
          const curve = new Curve(curveSpec);
          let expected = Infinity;
          for (let at = from; at < from + 150 && expected === Infinity; at++)
            if (curve.at(at) > level) expected = at;
          expect(curve.firstAbove(level, from)).toBe(expected);
        },
      ),
    );
  });
});
