import { beforeAll, describe, expect, it } from 'vitest';
import { lowerBound } from './bound.ts';
import type { PlanProblem, Pool } from './demand.ts';
import { loadSolver } from './highs-solver.ts';
import type { Solver } from './linear-model.ts';
import { roomsOf } from './room.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const pool = (patch: Partial<Pool> = {}): Pool => ({
  name: 'p',
  nodeType: 'p',
  allocatable: { cpu: 4000 },
  nPodsMax: 10,
  pricePerHour: 1,
  nMin: 0,
  nMax: 100,
  zones: ['a'],
  ...patch,
});
const boundOf = (problem: PlanProblem) => lowerBound(problem, roomsOf(problem), solver).bound;
const one = (cpu: number, count: number, patch = {}) => [{ name: 'a', requests: { cpu }, count, ...patch }];
const daemons = [{ name: 'agent', requests: { cpu: 400 } }];
const plan = (patch: Partial<PlanProblem['demand']>, pools = [pool()]): PlanProblem => ({
  demand: { pods: [], daemons: [], ...patch },
  pools,
  weights: { cost: 1, nodes: 0 },
});

describe('lowerBound', () => {
  it.each<[string, PlanProblem, number]>([
    ['counts the resource: 100 × 500m on 4 CPU', plan({ pods: one(500, 100) }), 13],
    ['counts what daemons take: 7 × 500m beside 400m', plan({ pods: one(500, 100), daemons }), 15],
    ['counts pod slots', plan({ pods: one(1, 95) }), 10],
    ['counts the slots of daemons', plan({ pods: one(1, 95), daemons: [{ name: 'd', requests: {} }] }), 11],
    ['counts limits per node', plan({ pods: one(1, 7, { nPerNodeMax: 1 }) }), 7],
    [
      'knows that pods of more than half a node cannot share one',
      plan({ pods: [...one(2100, 5), ...one(2200, 5)] }),
      10,
    ],
    [
      'knows that pods of more than a third go two by two',
      plan({ pods: [...one(1400, 5), ...one(1500, 5)] }),
      5,
    ],
    [
      'knows that what is left beyond the last step of the sizes is of no use',
      // 3,994 steps of 10m, 181 on a node: 22.07 nodes, where 39,940m of 1,818m are 21.97.
      plan({ pods: [...one(100, 300), ...one(70, 142)] }, [
        pool({ allocatable: { cpu: 1818 }, nPodsMax: 40 }),
      ]),
      23,
    ],
    ['keeps the minimum of pools', plan({ pods: one(1, 1) }, [pool({ nMin: 3 })]), 3],
    ['is zero without pods', plan({}), 0],
  ])('%s', (_name, problem, expected) => {
    expect(boundOf(problem).value).toBeCloseTo(expected, 6);
  });

  it('takes the cheapest mix, and the better of its two sources', () => {
    const pools = [pool(), pool({ name: 'q', allocatable: { cpu: 8000 }, nPodsMax: 20, pricePerHour: 1.9 })];
    const bound = boundOf(plan({ pods: one(1000, 9) }, pools));
    expect(bound.linear).toBeCloseTo((9 / 8) * 1.9, 6);
    expect(bound.covering).toBeCloseTo(2.9, 6);
    expect(bound).toMatchObject({ value: bound.covering, from: 'integer covering', isCoveringOptimal: true });
  });
});
