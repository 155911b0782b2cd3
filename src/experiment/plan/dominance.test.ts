import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { lowerBound } from './bound.ts';
import type { PlanProblem, PodDemand, Pool } from './demand.ts';
import { neededRegion } from './dominance.ts';
import { loadSolver } from './highs-solver.ts';
import type { Solver } from './linear-model.ts';
import { roomsOf } from './room.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const pool = (name: string, patch: Partial<Pool> = {}): Pool => ({
  name,
  nodeType: name,
  allocatable: { cpu: 4000, memory: 8 },
  nPodsMax: 10,
  pricePerHour: 1,
  nMin: 0,
  nMax: 100,
  zones: ['a'],
  ...patch,
});
const pod = (patch: Partial<PodDemand> = {}): PodDemand => ({
  name: 'web',
  requests: { cpu: 500 },
  count: 10,
  ...patch,
});
const plan = (pools: readonly Pool[], patch: Partial<PlanProblem> = {}): PlanProblem => ({
  demand: { pods: [pod()], daemons: [] },
  pools,
  weights: { cost: 1, nodes: 0 },
  ...patch,
});
const leftOut = (problem: PlanProblem) =>
  neededRegion(problem).upper.flatMap((max, p) => (max === 0 ? [problem.pools[p]!.name] : []));

describe('neededRegion', () => {
  const dear = pool('dear', { pricePerHour: 2 });
  it.each<[string, PlanProblem, string[]]>([
    ['what costs more and has no more', plan([pool('a'), dear]), ['dear']],
    ['the later of equal ones', plan([pool('a'), pool('b')]), ['b']],
    ['nothing that has more', plan([pool('a'), { ...dear, allocatable: { cpu: 5000, memory: 8 } }]), []],
    [
      'what has more of what nobody asks for',
      plan([pool('a'), { ...dear, allocatable: { cpu: 4000, gpu: 9 } }]),
      ['dear'],
    ],
    ['nothing with more slots', plan([pool('a'), { ...dear, nPodsMax: 11 }]), []],
    ['nothing in other zones', plan([pool('a'), { ...dear, zones: ['b'] }]), []],
    ['nothing that is there in any case', plan([pool('a'), { ...dear, nMin: 1 }]), []],
    ['nothing where the better one may run out', plan([pool('a', { nMax: 1 }), dear]), []],
    [
      'nothing where the better one may run out after a loss',
      plan([pool('a', { nMax: 2 }), dear], { survive: ['node'] }),
      [],
    ],
    ['nothing for given nodes', plan([pool('a', { isGiven: true, pricePerHour: 0 }), dear]), []],
    [
      'nothing that alone takes some pod',
      plan([pool('a'), dear], { demand: { pods: [pod(), pod({ pools: ['dear'] })], daemons: [] } }),
      [],
    ],
    [
      'nothing that alone takes a pod that ends',
      plan([pool('a'), dear], { passing: [{ ...pod({ pools: ['dear'] }), nLeft: 0 }] }),
      [],
    ],
    [
      'nothing that alone takes a pod of a peak',
      plan([pool('a'), dear], { peaks: [[pod({ pools: ['dear'] })]] }),
      [],
    ],
    [
      'nothing with fewer daemons',
      plan([pool('a'), dear], {
        demand: { pods: [pod()], daemons: [{ name: 'd', requests: { cpu: 1 }, pools: ['a'] }] },
      }),
      [],
    ],
    [
      'the smaller one where nodes count, whatever they cost',
      plan([pool('a', { pricePerHour: null }), pool('b', { nPodsMax: 9, pricePerHour: null })], {
        weights: { cost: 0, nodes: 1 },
      }),
      ['b'],
    ],
  ])('leaves out %s', (_, problem, expected) => {
    expect(leftOut(problem)).toEqual(expected);
  });

  it('leaves the lower bound as it is', () => {
    const size = fc.record({
      cpu: fc.integer({ min: 1, max: 6 }),
      memory: fc.integer({ min: 1, max: 6 }),
      price: fc.integer({ min: 1, max: 5 }),
    });
    const demands = fc.array(
      fc.record({
        cpu: fc.integer({ min: 1, max: 3 }),
        memory: fc.integer({ min: 1, max: 3 }),
        count: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const survive = fc.constantFrom<readonly ('node' | 'zone')[]>([], ['node'], ['zone'], ['node', 'zone']);
    const ceilings = fc.constantFrom<Record<string, number>>({}, { cpu: 0.6 });
    fc.assert(
      fc.property(
        fc.array(size, { minLength: 2, maxLength: 6 }),
        demands,
        survive,
        ceilings,
        (sizes, wanted, losses, shares) => {
          const pools = sizes.map(({ cpu, memory, price }, i) =>
            pool(`p${i}`, { allocatable: { cpu, memory }, pricePerHour: price, zones: ['a', 'b'] }),
          );
          const pods = wanted.map(({ cpu, memory, count }, i) =>
            pod({ name: `d${i}`, requests: { cpu, memory }, count }),
          );
          const problem = plan(pools, { demand: { pods, daemons: [] }, survive: losses, ceilings: shares });
          const rooms = roomsOf(problem);
          const all = lowerBound(problem, rooms, solver).bound;
          const needed = lowerBound(problem, rooms, solver, neededRegion(problem)).bound;
          // The relaxation of "a node of each pool that is used" depends on how many pools there are.
          if (!losses.includes('node')) expect(needed.linear).toBeCloseTo(all.linear, 6);
          if (all.isCoveringOptimal && needed.isCoveringOptimal && all.covering < Infinity)
            expect(Math.abs(needed.covering - all.covering)).toBeLessThanOrEqual(1e-3 * all.covering + 1e-6);
        },
      ),
      { numRuns: 40 },
    );
  });
});
