// A web shop with its monitoring (requests as in Google's Online Boutique and kube-prometheus), one, ten and a hundred
// times, on general-purpose machines: how near the lower bound is the answer?
import { beforeAll, describe, expect, it } from 'vitest';
import { driveInOrder } from '../testing/drivers.ts';
import { toyPending, toyRun } from '../testing/toy-cluster.ts';
import type { PlanProblem, Pool } from './demand.ts';
import { loadSolver } from './highs-solver.ts';
import type { Solver } from './linear-model.ts';
import { planSearch } from './plan.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

// CPU in milli, memory in MiB, copies.
const PODS: readonly [cpu: number, memory: number, count: number][] = [
  [200, 180, 1],
  [200, 64, 1],
  [70, 200, 1],
  [100, 64, 7],
  [300, 256, 1],
  [100, 220, 1],
  [4, 100, 3],
  [30, 60, 1],
  [100, 100, 1],
  [40, 230, 1],
  [0, 400, 2],
  [102, 180, 2],
  [110, 120, 1],
];

// Allocatable and hourly price of m6g and c6i sizes (us-east-1, 2026-07-20).
const TYPES: readonly [name: string, cpu: number, memory: number, nPods: number, price: number][] = [
  ['m6g.large', 1930, 6843, 29, 0.077],
  ['m6g.xlarge', 3920, 14_102, 58, 0.154],
  ['m6g.2xlarge', 7910, 29_258, 58, 0.308],
  ['c6i.large', 1930, 3115, 29, 0.085],
  ['c6i.xlarge', 3920, 6584, 58, 0.17],
  ['c6i.4xlarge', 15_890, 27_381, 110, 0.68],
];

function shop(times: number): PlanProblem {
  const pools = TYPES.map(
    ([name, cpu, memory, nPodsMax, pricePerHour]): Pool => ({
      name,
      nodeType: name,
      allocatable: { cpu, memory },
      nPodsMax,
      pricePerHour,
      nMin: 0,
      nMax: 500,
      zones: ['a'],
    }),
  );
  const pods = PODS.map(([cpu, memory, count], i) => ({
    name: `p${i}`,
    requests: { cpu, memory },
    count: count * times,
  }));
  const daemons = [{ name: 'node-exporter', requests: { cpu: 112, memory: 200 } }];
  return { demand: { pods, daemons }, pools, weights: { cost: 1, nodes: 0 } };
}

const judgeOptions = {
  seed: 's',
  objectives: [{ metric: 'pending', operator: '<=', bound: 0, over: 'every' }],
  rule: { nMin: 1, nMax: 1 },
  confidence: 0.95,
} as const;

describe('a plan for a shop', () => {
  it.each([
    [1, 0.25],
    [10, 0.1],
    [100, 0.04],
  ])('of %d times the size is within %d of the lower bound, and no node can go', (times, gapMax) => {
    const problem = shop(times);
    const options = { nJudgedMax: 40, nAlternatives: 1 };
    const { answer } = driveInOrder(
      planSearch(problem, judgeOptions, solver, options),
      toyRun(problem, 'emptiest'),
    );
    const { chosen, gapRatio, binding } = answer;
    expect(gapRatio!).toBeLessThanOrEqual(gapMax);
    expect(toyPending(problem, chosen!.cluster, 'emptiest')).toBe(0);
    const { nodes } = chosen!.cluster;
    const fewer = { nodes: { ...nodes, [binding!.pool!]: nodes[binding!.pool!]! - 1 } };
    expect(toyPending(problem, fewer, 'emptiest')).toBeGreaterThan(0);
  });
});
