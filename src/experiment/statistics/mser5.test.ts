import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mser5 } from './mser5.ts';

/** The definition, straight: batch means, then the error of every suffix computed from scratch. */
function slowMser5(values: readonly number[]): number {
  const batches: number[] = [];
  for (let i = 0; i + 5 <= values.length; i += 5)
    batches.push(values.slice(i, i + 5).reduce((a, b) => a + b) / 5);
  const errors = batches.slice(0, -1).map((_, d) => {
    const rest = batches.slice(d);
    const mean = rest.reduce((a, b) => a + b) / rest.length;
    return rest.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rest.length ** 2;
  });
  return errors.indexOf(Math.min(...errors));
}

/** Deterministic noise in [-0.5, 0.5). */
const noise = (i: number) => ((i * 7919) % 101) / 101 - 0.5;

describe('mser5', () => {
  it('deletes a start that differs from the rest', () => {
    const values = Array.from({ length: 400 }, (_, i) => (i < 60 ? 50 - i / 2 : 10) + noise(i));
    const { nDeleted, tooShort } = mser5(values);
    expect(tooShort).toBe(false);
    expect(nDeleted).toBeGreaterThanOrEqual(50);
    expect(nDeleted).toBeLessThanOrEqual(70);
  });

  it('deletes nothing from a constant series', () => {
    expect(mser5(Array.from({ length: 100 }, () => 3))).toEqual({ nDeleted: 0, tooShort: false });
  });

  it('says that a series that never settles is too short', () => {
    expect(mser5(Array.from({ length: 100 }, (_, i) => Math.exp(i / 5)))).toMatchObject({ nDeleted: 0 });
    expect(mser5(Array.from({ length: 100 }, (_, i) => Math.min(i, 80)))).toEqual({
      nDeleted: 0,
      tooShort: true,
    });
    expect(mser5([1, 2, 3])).toEqual({ nDeleted: 0, tooShort: true });
  });

  it('agrees with the definition', () => {
    const series = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 10, maxLength: 120 });
    fc.assert(
      fc.property(series, (steps) => {
        // Irrational slope: no two suffixes tie.
        const values = steps.map((step, i) => step + Math.sqrt(i + 2));
        const expected = slowMser5(values);
        const { nDeleted, tooShort } = mser5(values);
        if (expected > Math.floor(values.length / 5) / 2) expect(tooShort).toBe(true);
        else expect(nDeleted).toBe(expected * 5);
      }),
    );
  });
});
