import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nFeasibleNodesToFind } from './node-sampling.ts';

describe('how many feasible nodes are wanted', () => {
  it.each([
    ['all of fewer than 100', 99, 0, 99],
    ['all of fewer than 100 whatever is configured', 50, 10, 50],
    ['100 at least', 150, 0, 100],
    ['50 % less one point for each 125 nodes', 1000, 0, 420],
    ['cut to whole nodes and whole points', 999, 0, 429],
    ['5 % at least', 10_000, 0, 500],
    ['the configured share', 1000, 30, 300],
    ['the configured share, 100 at least', 1000, 3, 100],
    ['all at 100 %', 1000, 100, 1000],
    ['all at more than 100 %', 1000, 150, 1000],
  ])('%s', (_, nNodes, percentage, expected) => {
    expect(nFeasibleNodesToFind(nNodes, percentage)).toBe(expected);
  });

  it('is a whole number, never more than there are, never fewer than 100 of many', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(100), (nNodes, percentage) => {
        const n = nFeasibleNodesToFind(nNodes, percentage);
        expect(Number.isInteger(n)).toBe(true);
        expect(n).toBeLessThanOrEqual(nNodes);
        expect(n).toBeGreaterThanOrEqual(Math.min(nNodes, 100));
      }),
    );
  });
});
