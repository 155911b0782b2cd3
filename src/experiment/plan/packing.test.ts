import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanProblem, Pool } from './demand.ts';
import { split } from './mixes.ts';
import { Packer } from './packing.ts';
import { roomsOf } from './room.ts';

const pool = (name: string, cpu: number, memory: number, pricePerHour: number, nMax = 50): Pool => ({
  name,
  nodeType: name,
  allocatable: { cpu, memory },
  nPodsMax: 20,
  pricePerHour,
  nMin: 0,
  nMax,
  zones: ['a'],
});

const packerOf = (problem: PlanProblem) => new Packer(problem, roomsOf(problem));
const weights = { cost: 1, nodes: 0 };

describe('Packer', () => {
  it('fits complementary pods together', () => {
    const problem: PlanProblem = {
      demand: {
        pods: [
          { name: 'cpu', requests: { cpu: 3, memory: 1 }, count: 10 },
          { name: 'memory', requests: { cpu: 1, memory: 3 }, count: 10 },
        ],
        daemons: [],
      },
      pools: [pool('p', 4, 4, 1)],
      weights,
    };
    expect(packerOf(problem).unplaced([10])).toEqual([0, 0]);
    expect(packerOf(problem).completed([0], [0])).toEqual([10]);
  });

  it('respects pod slots, limits per node, and pools', () => {
    const problem: PlanProblem = {
      demand: {
        pods: [
          { name: 'tiny', requests: {}, count: 30 },
          { name: 'apart', requests: { cpu: 1 }, count: 4, nPerNodeMax: 1 },
          { name: 'picky', requests: { cpu: 1 }, count: 2, pools: ['b'] },
        ],
        daemons: [],
      },
      pools: [pool('a', 100, 100, 1), pool('b', 100, 100, 1)],
      weights,
    };
    const packer = packerOf(problem);
    expect(packer.unplaced([2, 0])).toEqual([0, 2, 2]);
    expect(packer.unplaced([0, 1])[1]).toBe(3);
    expect(packer.unplaced([3, 1])).toEqual([0, 0, 0]);
    expect(packer.completed([0, 0], [0])).toBeUndefined();
  });

  it('does not complete beyond the maxima', () => {
    const pods = [{ name: 'a', requests: { cpu: 4 }, count: 5 }];
    const problem: PlanProblem = {
      demand: { pods, daemons: [] },
      pools: [pool('a', 4, 4, 1, 4), pool('b', 4, 4, 9, 4)],
      weights,
    };
    expect(packerOf(problem).completed([0, 0], [0])).toBeUndefined();
    expect(packerOf(problem).completed([0, 0], [0, 1])).toEqual([4, 1]);
  });

  it('never places more than a cluster has', () => {
    const amount = fc.integer({ min: 1, max: 9 });
    const pod = fc.record({ cpu: amount, memory: amount, count: amount });
    fc.assert(
      fc.property(fc.array(pod, { minLength: 1, maxLength: 5 }), fc.nat(6), fc.nat(6), (pods, n, m) => {
        const problem: PlanProblem = {
          demand: {
            pods: pods.map(({ cpu, memory, count }, i) => ({
              name: `${i}`,
              requests: { cpu, memory },
              count,
            })),
            daemons: [],
          },
          pools: [pool('a', 10, 12, 1), pool('b', 20, 9, 2)],
          weights,
        };
        const left = packerOf(problem).unplaced([n, m]);
        const used = (key: 'cpu' | 'memory') =>
          pods.reduce((sum, each, i) => sum + (each.count - left[i]!) * each[key], 0);
        expect(used('cpu')).toBeLessThanOrEqual(n * 10 + m * 20);
        expect(used('memory')).toBeLessThanOrEqual(n * 12 + m * 9);
        const completed = packerOf(problem).completed([n, m], [0, 1])!;
        expect(
          packerOf(problem)
            .unplaced(completed)
            .every((count) => count === 0),
        ).toBe(true);
        expect(completed[0]).toBeGreaterThanOrEqual(n);
        expect(completed[1]).toBeGreaterThanOrEqual(m);
      }),
      { numRuns: 60 },
    );
  });
});

describe('split', () => {
  it('covers every cluster but those within the missed one, each once', () => {
    const triple = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(triple, (counts) => {
        const parts = split({ lower: [0, 0, 0], upper: [3, 3, 3] }, counts);
        for (let i = 0; i < 64; i++) {
          const x = [i % 4, Math.floor(i / 4) % 4, Math.floor(i / 16)];
          const isWithin = x.every((n, p) => n <= counts[p]!);
          const n = parts.filter(({ lower, upper }) =>
            x.every((value, p) => lower[p]! <= value && value <= upper[p]!),
          ).length;
          expect(n).toBe(isWithin ? 0 : 1);
        }
      }),
    );
  });
});
