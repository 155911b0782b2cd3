import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuOnGrid, memoryOnGrid, onGrid } from './size-grid.ts';

describe('the size grid', () => {
  it.each([
    [1000, 1000],
    [1240, 1000],
    [1250, 1500],
    [1749, 1500],
    [1751, 2000],
    [2600, 3000],
    [7000, 8000],
    [610, 500],
    [640, 750],
    [380, 375],
    [3, 10],
    [0, 10],
    [Number.NaN, 10],
  ])('puts %d milli-CPU on %d', (milli, expected) => expect(cpuOnGrid(milli)).toBe(expected));

  it('puts memory on whole steps of mebibytes', () => {
    expect(memoryOnGrid(1)).toBe(2 ** 20);
    expect(memoryOnGrid(5 * 2 ** 30)).toBe(6 * 2 ** 30);
  });

  it('moves a size by at most a fifth, never changes a grid value, keeps order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1e9 }), fc.integer({ min: 100, max: 1e9 }), (a, b) => {
        const grid = onGrid(a, 1024, 1);
        expect(Math.abs(grid - a) / a).toBeLessThanOrEqual(0.2);
        expect(onGrid(grid, 1024, 1)).toBe(grid);
        expect(Math.sign(onGrid(b, 1024, 1) - grid) * Math.sign(b - a)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
