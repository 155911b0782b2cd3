import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeResourcesFitArgs } from './node-resources-fit.schema.ts';
import { brokenLine } from './resource-scorers.ts';

const line = (...points: [number, number][]) =>
  points.map(([utilization, score]) => ({ utilization, score }));

describe('a broken line', () => {
  it.each<[string, ReturnType<typeof line>, number, number]>([
    ['is flat before its first point', line([40, 30], [60, 70]), 10, 30],
    ['is flat after its last point', line([40, 30], [60, 70]), 90, 70],
    ['meets its points', line([0, 0], [40, 30], [100, 70]), 40, 30],
    ['is cut to whole numbers', line([0, 0], [3, 10]), 2, 6],
    ['is cut toward zero on the way down, which is upward', line([0, 10], [3, 0]), 2, 4],
    ['of a single point is flat', line([50, 7]), 80, 7],
  ])('%s', (_, points, x, y) => {
    expect(brokenLine(points, x)).toBe(y);
  });

  it('lies between the scores of the two points around', () => {
    const value = fc.integer({ min: 0, max: 100 });
    const sorted = fc
      .uniqueArray(value, { minLength: 2, maxLength: 6 })
      .map((xs) => xs.sort((a, b) => a - b));
    fc.assert(
      fc.property(sorted, fc.array(value, { minLength: 6, maxLength: 6 }), value, (xs, ys, x) => {
        const y = brokenLine(line(...xs.map((at, i): [number, number] => [at, ys[i]!])), x);
        const right = xs.findIndex((at) => at >= x);
        const ends = right === -1 ? [ys[xs.length - 1]!] : [ys[right]!, ys[Math.max(0, right - 1)]!];
        expect(Number.isInteger(y)).toBe(true);
        expect(y).toBeGreaterThanOrEqual(Math.min(...ends));
        expect(y).toBeLessThanOrEqual(Math.max(...ends));
      }),
    );
  });
});

describe('the arguments of a scoring strategy', () => {
  const complaint = (scoringStrategy: object) =>
    nodeResourcesFitArgs.safeParse({ scoringStrategy }).error?.issues[0]?.message;
  const ratio = (...shape: ReturnType<typeof line>) => ({
    type: 'RequestedToCapacityRatio',
    requestedToCapacityRatio: { shape },
  });

  it.each([
    [
      'a shape that is not monotonic',
      ratio(...line([50, 1], [50, 2])),
      'utilization values must be sorted in increasing order',
    ],
    ['a shape without points', ratio(), 'at least one point must be specified'],
    [
      'a ratio without shape',
      { type: 'RequestedToCapacityRatio' },
      'is required for the strategy RequestedToCapacityRatio',
    ],
    ['a weight of 0', { resources: [{ name: 'cpu', weight: 0 }] }, 'must be at least 1'],
    ['a weight of 101', { resources: [{ name: 'cpu', weight: 101 }] }, 'must be at most 100'],
  ])('cannot be %s', (_, strategy, message) => {
    expect(complaint(strategy)).toBe(message);
  });

  it('are LeastAllocated of cpu and memory alike unless they say otherwise', () => {
    const resources = [
      { name: 'cpu', weight: 1 },
      { name: 'memory', weight: 1 },
    ];
    expect(nodeResourcesFitArgs.parse({}).scoringStrategy).toEqual({ type: 'LeastAllocated', resources });
    expect(complaint(ratio(...line([0, 0], [100, 10])))).toBeUndefined();
  });
});
