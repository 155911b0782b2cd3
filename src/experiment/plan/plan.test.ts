import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { driveInOrder, pickerFrom } from '../testing/drivers.ts';
import { type ToyPolicy, toyPending, toyRun } from '../testing/toy-cluster.ts';
import type { PlanProblem, Pool } from './demand.ts';
import { loadSolver } from './highs-solver.ts';
import type { Solver } from './linear-model.ts';
import { planSearch } from './plan.ts';

const judgeOptions = {
  seed: 's',
  objectives: [{ metric: 'pending', operator: '<=', bound: 0, over: 'every' }],
  rule: { nMin: 1, nMax: 1 },
  confidence: 0.95,
} as const;

const pool = (name: string, cpu: number, memory: number, pricePerHour: number, nMax = 20): Pool => ({
  name,
  nodeType: name,
  allocatable: { cpu, memory },
  nPodsMax: 110,
  pricePerHour,
  nMin: 0,
  nMax,
  zones: ['a'],
});

const daemons = [{ name: 'agent', requests: { cpu: 100, memory: 100 } }];
const weights = { cost: 1, nodes: 0 };

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const plan = (problem: PlanProblem, policy: ToyPolicy = 'emptiest', choices?: readonly number[]) =>
  driveInOrder(
    planSearch(problem, judgeOptions, solver),
    toyRun(problem, policy),
    choices && pickerFrom(choices),
  ).answer;

describe('planSearch', () => {
  it('finds 18 nodes for 52 pods of 1 CPU and 1 GiB on m5.xlarge, proven', () => {
    // 3920 milli allocatable: three pods a node.
    const problem: PlanProblem = {
      demand: { pods: [{ name: 'dsb', requests: { cpu: 1000, memory: 1024 }, count: 52 }], daemons: [] },
      pools: [{ ...pool('m5.xlarge', 3920, 14_162, 0.192, 100), nPodsMax: 58 }],
      weights,
    };
    const { chosen, bound, gapRatio, binding } = plan(problem);
    expect(chosen).toMatchObject({ nNodes: 18, met: true, certain: true });
    expect(chosen!.costPerMonth).toBeCloseTo(18 * 0.192 * 730, 6);
    expect(bound.value).toBeCloseTo(18 * 0.192, 6);
    expect(bound.from).toBe('integer covering');
    expect(gapRatio).toBeCloseTo(0, 6);
    expect(binding).toMatchObject({
      pool: 'm5.xlarge',
      pods: ['dsb'],
      missed: [{ verdict: 'missed', value: 1 }],
    });
  });

  it('mixes pools where that is cheaper than any one', () => {
    const problem: PlanProblem = {
      demand: {
        pods: [
          { name: 'cruncher', requests: { cpu: 3500, memory: 500 }, count: 4 },
          { name: 'cache', requests: { cpu: 100, memory: 14_000 }, count: 3 },
        ],
        daemons,
      },
      pools: [pool('cpu', 4000, 4000, 1), pool('memory', 1000, 16_000, 1.1), pool('both', 4000, 16_000, 2.3)],
      weights,
    };
    const { chosen, gapRatio, alternatives } = plan(problem);
    expect(chosen!.cluster.nodes).toEqual({ cpu: 4, memory: 3 });
    expect(gapRatio).toBeCloseTo(0, 6);
    expect(alternatives[0]!.weight).toBeGreaterThan(chosen!.weight);
    expect(alternatives.every(({ met }) => met)).toBe(true);
  });

  it('minimizes nodes without knowing any price', () => {
    const pods = [{ name: 'web', requests: { cpu: 1000, memory: 1000 }, count: 10 }];
    const pools = [pool('small', 2000, 4000, 1), pool('large', 8000, 16_000, 9)];
    const unpriced = pools.map((each) => ({ ...each, pricePerHour: null }));
    const { chosen } = plan({ demand: { pods, daemons }, pools: unpriced, weights: { cost: 0, nodes: 1 } });
    expect(chosen).toMatchObject({ nNodes: 2, weight: 2, costPerHour: null, costPerMonth: null });
  });

  it('judges by the simulator: a policy that fills nodes with small pods first needs a node more', () => {
    // Sixteen small pods on one node, or four on each of four: only the latter leaves room for all four large ones.
    const problem: PlanProblem = {
      demand: {
        pods: [
          { name: 'small', requests: { cpu: 250, memory: 1 }, count: 16 },
          { name: 'large', requests: { cpu: 3000, memory: 1 }, count: 4 },
        ],
        daemons: [],
      },
      pools: [pool('only', 4000, 4000, 1)],
      weights,
    };
    const spread = plan(problem, 'emptiest');
    const packed = plan(problem, 'first');
    expect(packed).toMatchObject({ chosen: { nNodes: 5 }, bound: { value: 4 } });
    expect(spread).toMatchObject({ chosen: { nNodes: 4 }, bound: { value: 4 }, packedWeight: 4 });
  });

  it('keeps the minimum of a pool, used or not', () => {
    const problem: PlanProblem = {
      demand: { pods: [{ name: 'web', requests: { cpu: 1000, memory: 10 }, count: 2 }], daemons },
      pools: [{ ...pool('must', 1500, 4000, 1), nMin: 3 }, pool('cheap', 8000, 8000, 0.1)],
      weights,
    };
    expect(plan(problem).chosen!.cluster.nodes).toEqual({ must: 3 });
  });

  it('weighs cost against an objective in the frontier', () => {
    const problem: PlanProblem = {
      demand: { pods: [{ name: 'web', requests: { cpu: 900, memory: 10 }, count: 12 }], daemons },
      pools: [pool('node', 4000, 4000, 1)],
      weights,
    };
    const frontier = plan(problem).frontier.pending!;
    expect(frontier.at(-1)).toMatchObject({ value: 0, planned: { nNodes: 3 } });
    expect(frontier[0]!.value).toBeGreaterThan(0);
    for (let i = 1; i < frontier.length; i++) {
      expect(frontier[i]!.planned.weight).toBeGreaterThan(frontier[i - 1]!.planned.weight);
      expect(frontier[i]!.value).toBeLessThan(frontier[i - 1]!.value);
    }
  });

  it('notices when more nodes are worse', () => {
    const problem: PlanProblem = {
      demand: { pods: [{ name: 'web', requests: { cpu: 1000, memory: 10 }, count: 9 }], daemons: [] },
      pools: [pool('node', 3000, 4000, 1)],
      weights,
    };
    const isBad = (n: number) => n < 2 || n === 3 || n === 5;
    const { answer } = driveInOrder(planSearch(problem, judgeOptions, solver), ({ point }) => ({
      pending: isBad(point.setting.nodes.node ?? 0) ? 1 : 0,
    }));
    expect(answer.chosen!.nNodes).toBe(2);
    expect(answer.violation!.larger.nodes.node).toBeGreaterThan(answer.violation!.smaller.nodes.node!);
  });

  it('chooses nothing when no allowed cluster meets the objectives', () => {
    const problem: PlanProblem = {
      demand: { pods: [{ name: 'web', requests: { cpu: 1000, memory: 10 }, count: 4 }], daemons: [] },
      pools: [pool('node', 4000, 4000, 1, 3)],
      weights,
    };
    const { answer } = driveInOrder(planSearch(problem, judgeOptions, solver), () => ({ pending: 1 }));
    expect(answer).toMatchObject({ chosen: undefined, gapRatio: undefined, binding: undefined });
    expect(answer.nJudged).toBeGreaterThan(0);
  });
});

describe('on random small problems', () => {
  const amount = fc.integer({ min: 1, max: 40 }).map((n) => n * 100);
  const pods = fc.array(
    fc.record({ cpu: amount, memory: amount, count: fc.integer({ min: 1, max: 4 }), one: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 4,
    },
  );
  const types = fc.array(fc.record({ cpu: amount, memory: amount, price: fc.integer({ min: 1, max: 20 }) }), {
    minLength: 1,
    maxLength: 2,
  });
  const problems = fc.record({ pods, types }).map(
    ({ pods, types }): PlanProblem => ({
      demand: {
        pods: pods.map(({ cpu, memory, count, one }, i) => ({
          name: `p${i}`,
          requests: { cpu, memory },
          count,
          ...(one ? { nPerNodeMax: 1 } : {}),
        })),
        daemons,
      },
      pools: types.map(({ cpu, memory, price }, i) =>
        pool(`t${i}`, cpu + 3000, memory + 3000, price / 10, 7),
      ),
      weights,
    }),
  );

  /** The cheapest of all clusters, by trying every one. */
  function cheapestByTrying(problem: PlanProblem): number {
    let best = Infinity;
    const limits = problem.pools.map((each) => each.nMax);
    for (let i = 0; i <= limits[0]!; i++) {
      for (let j = 0; j <= (limits[1] ?? 0); j++) {
        const weight = i * problem.pools[0]!.pricePerHour! + j * (problem.pools[1]?.pricePerHour ?? 0);
        if (weight >= best) continue;
        const nodes = { t0: i, t1: j };
        if (toyPending(problem, { nodes }, 'emptiest') === 0) best = weight;
      }
    }
    return best;
  }

  it('the bound is never above the true optimum, and the answer is within 15 % of it, usually equal', () => {
    let nEqual = 0;
    let nAll = 0;
    fc.assert(
      fc.property(problems, (problem) => {
        const truth = cheapestByTrying(problem);
        fc.pre(truth < Infinity);
        const { chosen, bound } = plan(problem);
        expect(bound.value).toBeLessThanOrEqual(truth + 1e-6);
        expect(bound.linear).toBeLessThanOrEqual(bound.value);
        expect(chosen!.weight).toBeGreaterThanOrEqual(truth - 1e-6);
        expect(chosen!.weight).toBeLessThanOrEqual(truth * 1.15 + 1e-6);
        nAll++;
        if (chosen!.weight <= truth + 1e-6) nEqual++;
      }),
      { numRuns: 100, seed: 7 },
    );
    expect(nEqual / nAll).toBeGreaterThan(0.9);
  });

  it('one node less of any pool misses the objectives', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        fc.pre(cheapestByTrying(problem) < Infinity);
        const { chosen } = plan(problem);
        for (const [name, count] of Object.entries(chosen!.cluster.nodes)) {
          const nodes = { ...chosen!.cluster.nodes, [name]: count - 1 };
          expect(toyPending(problem, { nodes }, 'emptiest')).toBeGreaterThan(0);
        }
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('the order in which runs finish changes nothing', () => {
    fc.assert(
      fc.property(problems, fc.array(fc.nat(100), { maxLength: 30 }), (problem, choices) => {
        fc.pre(cheapestByTrying(problem) < Infinity);
        expect(plan(problem, 'emptiest', choices)).toEqual(plan(problem));
      }),
      { numRuns: 15, seed: 3 },
    );
  });
});
