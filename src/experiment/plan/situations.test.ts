// Bounds of plans that survive losses or keep room to spare, against every cluster of a few nodes with every placement.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { lowerBound } from './bound.ts';
import type { PlanProblem, PodDemand, Pool } from './demand.ts';
import { loadSolver } from './highs-solver.ts';
import type { Solver } from './linear-model.ts';
import { planSearch } from './plan.ts';
import { roomsOf } from './room.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const N_MAX = 4;
const pool = (name: string, cpu: number, price: number, zones: readonly string[]): Pool => ({
  name,
  nodeType: name,
  allocatable: { cpu },
  nPodsMax: 10,
  pricePerHour: price,
  nMin: 0,
  nMax: N_MAX,
  zones,
});
const pod = (cpu: number, count: number, patch: Partial<PodDemand> = {}): PodDemand => ({
  name: `p${cpu}`,
  requests: { cpu },
  count,
  ...patch,
});
const problem = (
  pools: readonly Pool[],
  pods: readonly PodDemand[],
  patch: Partial<PlanProblem> = {},
): PlanProblem => ({ demand: { pods, daemons: [] }, pools, weights: { cost: 1, nodes: 0 }, ...patch });
const boundOf = (one: PlanProblem) => lowerBound(one, roomsOf(one), solver).bound.value;

interface ToyNode {
  readonly pool: Pool;
  readonly zone: string;
  free: number;
}

function nodesOf(pools: readonly Pool[], counts: readonly number[]): ToyNode[] {
  return pools.flatMap((one, p) =>
    Array.from({ length: counts[p]! }, (_, i) => ({
      pool: one,
      zone: one.zones[i % one.zones.length]!,
      free: one.allocatable.cpu!,
    })),
  );
}

/** Whether some placement puts every pod somewhere. */
function holds(nodes: readonly ToyNode[], cpus: readonly number[]): boolean {
  const [cpu, ...rest] = cpus;
  if (cpu === undefined) return true;
  return nodes.some((node) => {
    if (node.free < cpu) return false;
    node.free -= cpu;
    const isDone = holds(nodes, rest);
    node.free += cpu;
    return isDone;
  });
}

function isEnough({ demand, survive = [], ceilings = {} }: PlanProblem, nodes: readonly ToyNode[]): boolean {
  const cpus = (isLoss: boolean) =>
    demand.pods
      .filter((one) => !isLoss || !one.isLostWithNode)
      .flatMap((one) => Array.from({ length: one.count }, () => one.requests.cpu!))
      .sort((a, b) => b - a);
  const sum = (list: readonly number[]) => list.reduce((total, cpu) => total + cpu, 0);
  const losses = [
    ...(survive.includes('node') ? nodes.map((node) => (other: ToyNode) => other !== node) : []),
    ...(survive.includes('zone')
      ? [...new Set(nodes.map(({ zone }) => zone))].map((zone) => (other: ToyNode) => other.zone !== zone)
      : []),
  ];
  const isFull = sum(cpus(false)) > (ceilings.cpu ?? 1) * sum(nodes.map(({ free }) => free)) + 1e-9;
  return (
    !isFull && holds(nodes, cpus(false)) && losses.every((isLeft) => holds(nodes.filter(isLeft), cpus(true)))
  );
}

/** Weight of the cheapest cluster of at most N_MAX nodes a pool; Infinity when there is none. */
function cheapest(one: PlanProblem): number {
  let best = Infinity;
  const [a, b] = one.pools as [Pool, Pool];
  for (let i = 0; i <= N_MAX; i++) {
    for (let j = 0; j <= N_MAX; j++) {
      const weight = i * a.pricePerHour! + j * b.pricePerHour!;
      if (weight < best && isEnough(one, nodesOf(one.pools, [i, j]))) best = weight;
    }
  }
  return best;
}

describe('lowerBound of a plan that survives', () => {
  const one = (zones: readonly string[] = ['x']) => [pool('p', 4, 1, zones)];

  it.each<[string, PlanProblem, number]>([
    ['the loss of a node has one more', problem(one(), [pod(1, 8)], { survive: ['node'] }), 3],
    [
      'the loss of a node of each pool has one more of each that is needed',
      problem(
        [pool('p', 4, 1, ['x']), pool('q', 4, 2, ['x'])],
        [pod(1, 4, { pools: ['p'] }), pod(1, 4, { pools: ['q'] })],
        { survive: ['node'] },
      ),
      6,
    ],
    ['of two zones has twice as much', problem(one(['x', 'y']), [pod(1, 8)], { survive: ['zone'] }), 4],
    [
      'of three zones has half as much again',
      problem(one(['x', 'y', 'z']), [pod(1, 8)], { survive: ['zone'] }),
      3,
    ],
    ['of unnamed zones has no more', problem(one(['']), [pod(1, 8)], { survive: ['zone'] }), 2],
    [
      'does not count pods that are gone with their node',
      problem(one(), [pod(1, 8, { isLostWithNode: true })], { survive: ['node'] }),
      2,
    ],
    ['keeps room to spare', problem(one(), [pod(1, 8)], { ceilings: { cpu: 0.5 } }), 4],
  ])('%s', (_, plan, expected) => {
    expect(boundOf(plan)).toBeCloseTo(expected, 6);
  });

  it('says at once that no cluster survives', () => {
    const pods = [pod(1, 1, { pools: ['p'] }), pod(1, 16, { pools: ['q'] })];
    const plan = problem([pool('p', 4, 1, ['x']), pool('q', 4, 1, ['x'])], pods, { survive: ['node'] });
    const judgeOptions = { seed: 's', objectives: [], rule: { nMin: 1, nMax: 1 }, confidence: 0.95 };
    expect(() => planSearch(plan, judgeOptions, solver)).toThrow(
      'do not hold the pods in every situation that is to be survived',
    );
  });

  it('is never above the cheapest cluster that does, and never below the bound of one that need not', () => {
    const zones = fc.constantFrom(['x'], ['x', 'y'], ['x', 'y', 'z'], ['y', 'x']);
    const pools = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }), zones, zones);
    const pods = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), fc.boolean()),
      { minLength: 1, maxLength: 2 },
    );
    const survive = fc.subarray(['node', 'zone'] as const);
    const ceiling = fc.constantFrom(undefined, 0.5, 0.8);
    fc.assert(
      fc.property(pools, pods, survive, ceiling, ([cpuA, cpuB, zonesA, zonesB], shapes, trials, ratio) => {
        const offered = [pool('a', cpuA, cpuA, zonesA), pool('b', cpuB, cpuB * 0.9, zonesB)];
        const wanted = shapes.map(([cpu, count, isLostWithNode]) => pod(cpu, count, { isLostWithNode }));
        const plain = problem(offered, wanted);
        const plan = { ...plain, survive: trials, ...(ratio && { ceilings: { cpu: ratio } }) };
        const bound = boundOf(plan);
        expect(bound).toBeLessThanOrEqual(cheapest(plan) + 1e-6);
        expect(bound).toBeGreaterThanOrEqual(boundOf(plain) - 1e-6);
      }),
      { numRuns: 200 },
    );
  });
});
