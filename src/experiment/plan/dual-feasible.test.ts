import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestParts, part } from './dual-feasible.ts';

describe('part', () => {
  it('counts more than half as a whole, more than a third as a half', () => {
    expect(part(0.51, 2)).toBe(1);
    expect(part(0.5, 2)).toBe(0.5);
    expect(part(0.49, 2)).toBe(0);
    expect(part(0.34, 3)).toBe(0.5);
    expect(part(1, 4)).toBe(1);
    expect(part(0, 3)).toBe(0);
  });

  it('never makes what fits one bin overflow it', () => {
    // Sizes in twelfths and sixtieths hit the multiples exactly.
    const size = fc.integer({ min: 1, max: 60 }).map((n) => n / 60);
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), fc.integer({ min: 2, max: 250 }), (sizes, parts) => {
        let room = 1 + 1e-12;
        const fitting = sizes.filter((each) => each <= room && (room -= each) >= 0);
        const total = fitting.reduce((sum, each) => sum + part(each, parts), 0);
        expect(total).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('bestParts', () => {
  it('finds the steps that sizes have: of 1,818 only 1,810 can be filled', () => {
    const sizes = [100, 200, 70].map((cpu) => cpu / 1818);
    const parts = bestParts(sizes, [1, 1, 1])!;
    expect(sizes.map((size) => part(size, parts) * 181)).toEqual([
      expect.closeTo(10, 9),
      expect.closeTo(20, 9),
      expect.closeTo(7, 9),
    ]);
  });

  it('finds none where the sizes fill what there is', () => {
    expect(bestParts([0.1, 0.2, 0.5], [3, 2, 1])).toBeUndefined();
    expect(bestParts([], [])).toBeUndefined();
  });
});
