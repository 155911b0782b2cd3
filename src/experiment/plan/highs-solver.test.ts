import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSolver } from './highs-solver.ts';
import type { LinearModel, SolveLimits, Solver } from './linear-model.ts';

const limits: SolveLimits = { gapRatio: 0, nNodesMax: 10_000, timeSecMax: 20 };

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** Cover `need` with items of given sizes and costs, each at most 5 times. */
function cover(sizes: readonly number[], cost: readonly number[], need: number): LinearModel {
  const columns = sizes.map((_, j) => j);
  return {
    cost,
    lower: sizes.map(() => 0),
    upper: sizes.map(() => 5),
    nInteger: sizes.length,
    rows: [{ lower: need, upper: Infinity, columns, values: sizes }],
  };
}

describe('the solver', () => {
  it('solves whole numbers and their relaxation', () => {
    const model = cover([3, 5], [2, 3.1], 14);
    const whole = solver.solve(model, limits);
    expect(whole).toMatchObject({ status: 'optimal', bound: 9.1 });
    expect([...whole.values!].map(Math.round)).toEqual([3, 1]);
    expect(solver.solve(model, { ...limits, relaxed: true }).bound).toBeCloseTo((14 * 3.1) / 5, 9);
  });

  it('agrees with trying every combination', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(
        fc.tuple(size, size, size),
        fc.tuple(size, size, size),
        fc.integer({ min: 1, max: 40 }),
        (sizes, cost, need) => {
          let best = Infinity;
          for (let i = 0; i < 216; i++) {
            const x = [i % 6, Math.floor(i / 6) % 6, Math.floor(i / 36)];
            const total = x.reduce((sum, n, j) => sum + n * sizes[j]!, 0);
            if (total >= need)
              best = Math.min(
                best,
                x.reduce((sum, n, j) => sum + n * cost[j]!, 0),
              );
          }
          const solution = solver.solve(cover(sizes, cost, need), limits);
          if (best === Infinity)
            expect(solution).toEqual({ status: 'infeasible', bound: Infinity, values: undefined });
          else expect(solution.bound).toBeCloseTo(best, 6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('stops at its node limit with a bound that still holds', () => {
    // Equality knapsack with even sizes and an odd sum: hard for branch and bound without its parity.
    const n = 30;
    const columns = Array.from({ length: n }, (_, j) => j);
    const model: LinearModel = {
      cost: columns.map((j) => 100 + ((j * 37) % 11)),
      lower: columns.map(() => 0),
      upper: columns.map(() => 1),
      nInteger: n,
      rows: [0, 1, 2].map((i) => ({
        lower: 1001,
        upper: Infinity,
        columns,
        values: columns.map((j) => 60 + ((j * (13 + i * 8)) % 29)),
      })),
    };
    const stopped = solver.solve(model, { ...limits, nNodesMax: 1 });
    const finished = solver.solve(model, limits);
    expect(finished.status).toBe('optimal');
    expect(stopped.bound).toBeLessThanOrEqual(finished.bound + 1e-6);
    expect(stopped.bound).toBeGreaterThan(0);
  });

  it('says the same twice', () => {
    const model = cover([7, 4, 9], [3, 2, 4], 33);
    expect(solver.solve(model, limits)).toEqual(solver.solve(model, limits));
  });
});
