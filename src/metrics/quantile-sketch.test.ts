import fc from 'fast-check';
import { quantileSorted } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { QuantileSketch } from './quantile-sketch.ts';

function sketchOf(values: readonly number[]): QuantileSketch {
  const sketch = new QuantileSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

const PERMILLES = [0, 10, 70, 100, 250, 500, 770, 900, 950, 990, 999, 1000];
const QS = PERMILLES.map((permille) => permille / 1000);
const answers = (sketch: QuantileSketch) => ({
  n: sketch.n,
  sum: sketch.sum,
  min: sketch.min,
  max: sketch.max,
  quantiles: QS.map((q) => sketch.quantile(q)),
});

/** By definition, the slow way. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const nNeeded = Math.round(q * 1000) * sorted.length;
  return sorted.find((value) => sorted.filter((other) => other <= value).length * 1000 >= nNeeded)!;
}

const microseconds = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: 2 ** 52 }),
);
const few = fc.array(microseconds, { minLength: 1, maxLength: 128 });
const many = fc.array(microseconds, { minLength: 129, maxLength: 600 });

describe('QuantileSketch', () => {
  it('knows nothing of no values', () => {
    expect(sketchOf([]).quantile(0.5)).toBeUndefined();
    expect(sketchOf([]).mean).toBeUndefined();
  });

  it('is exact up to 128 values', () => {
    fc.assert(
      fc.property(few, (values) => {
        const sketch = sketchOf(values);
        for (const q of QS) expect(sketch.quantile(q)).toBe(exactQuantile(values, q));
      }),
    );
  });

  it('agrees with simple-statistics where that does not interpolate between two values', () => {
    const values = Array.from({ length: 101 }, (_, i) => ((i * 7919) % 101) ** 2);
    const sorted = [...values].sort((a, b) => a - b);
    for (let percent = 0; percent <= 100; percent++) {
      expect(sketchOf(values).quantile(percent / 100)).toBeCloseTo(quantileSorted(sorted, percent / 100), 6);
    }
  });

  it('is not misled by products that are a little too large', () => {
    expect(0.07 * 100).toBeGreaterThan(7);
    expect(sketchOf(Array.from({ length: 100 }, (_, i) => i + 1)).quantile(0.07)).toBe(7);
  });

  it('is off by at most 0.8 % however many values there are', () => {
    fc.assert(
      fc.property(many, (values) => {
        const sketch = sketchOf(values);
        for (const q of QS) {
          const exact = exactQuantile(values, q);
          expect(Math.abs(sketch.quantile(q)! - exact)).toBeLessThanOrEqual(exact / 128);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps count, sum, minimum and maximum exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 400 }), (values) => {
        const { n, sum, min, max } = sketchOf(values);
        expect([n, min, max]).toEqual([values.length, Math.min(...values), Math.max(...values)]);
        expect(sum).toBe(values.reduce((total, value) => total + value, 0));
      }),
    );
  });

  it('merged from parts equals the sketch of all, whatever the parts and their order', () => {
    const parts = fc.array(fc.array(fc.nat(2 ** 31), { maxLength: 200 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, (lists) => {
        const all = answers(sketchOf(lists.flat()));
        const merged = new QuantileSketch();
        for (const list of lists) merged.merge(sketchOf(list));
        expect(answers(merged)).toEqual(all);
        const backwards = new QuantileSketch();
        for (const list of [...lists].reverse()) backwards.merge(sketchOf(list));
        expect(answers(backwards)).toEqual(all);
      }),
    );
  });

  it('leaves the sketch that is merged into another as it was', () => {
    const small = sketchOf([1, 2, 3]);
    sketchOf([5]).merge(small);
    expect(answers(small)).toEqual(answers(sketchOf([1, 2, 3])));
  });

  it('never answers outside what it has seen', () => {
    const sketch = sketchOf(Array.from({ length: 500 }, () => 1_000_003));
    expect(QS.map((q) => sketch.quantile(q))).toEqual(QS.map(() => 1_000_003));
  });
});
