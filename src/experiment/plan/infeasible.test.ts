import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../base/errors.ts';
import type { Demand, PlanProblem, PodDemand, Pool } from './demand.ts';
import { checkPlan, planProblems } from './infeasible.ts';

const GI = 2 ** 30;
const pool = (name: string, patch: Partial<Pool> = {}): Pool => ({
  name,
  nodeType: 'm5.xlarge',
  allocatable: { cpu: 3920, memory: 14 * GI },
  nPodsMax: 58,
  pricePerHour: 0.192,
  nMin: 0,
  nMax: 3,
  zones: ['a', 'b'],
  ...patch,
});
const web: PodDemand = { name: 'web', requests: { cpu: 500, memory: GI }, count: 2 };
const problem = (
  pods: PodDemand[],
  pools = [pool('general')],
  demand: Partial<Demand> = {},
): PlanProblem => ({
  demand: { pods, daemons: [], ...demand },
  pools,
  weights: { cost: 1, nodes: 0 },
});

describe('planProblems', () => {
  it('finds nothing wrong with a plan that can be searched', () => {
    expect(planProblems(problem([web]))).toEqual([]);
    expect(() => checkPlan(problem([web]))).not.toThrow();
  });

  it.each<[string, PlanProblem, string]>([
    [
      'a pod larger than every node type',
      problem([{ ...web, requests: { cpu: 64_000 } }]),
      'pod web: it requests cpu 64, and the roomiest candidate has 3920m left beside its daemons',
    ],
    [
      'a resource that no candidate has',
      problem([{ ...web, requests: { 'nvidia.com/gpu': 2 } }]),
      'pod web: it requests nvidia.com/gpu 2, and the roomiest candidate has 0 left beside its daemons',
    ],
    [
      'a pod that only daemons push out',
      problem([{ ...web, requests: { cpu: 3900 } }], undefined, {
        daemons: [{ name: 'agent', requests: { cpu: 100 } }],
      }),
      'pod web: it requests cpu 3900m, and the roomiest candidate has 3820m left beside its daemons',
    ],
    [
      'a pod for which every candidate lacks another resource',
      problem(
        [{ ...web, requests: { cpu: 5000, memory: 15 * GI } }],
        [
          pool('cpu', { allocatable: { cpu: 8000, memory: GI } }),
          pool('mem', { allocatable: { cpu: 1000, memory: 32 * GI } }),
        ],
      ),
      'pod web: it fits no candidate: each lacks another resource',
    ],
    [
      'selectors that no candidate satisfies',
      problem([{ ...web, pools: [] }]),
      'pod web: no candidate satisfies its node selector, affinity and taints',
    ],
    [
      'an anti-affinity that needs more nodes than allowed',
      problem([{ ...web, count: 7, nPerNodeMax: 1 }]),
      'pod web: its anti-affinity (at most 1 on a node) needs 7 nodes, and at most 3 are allowed',
    ],
    [
      'too few zones',
      problem([{ ...web, nZonesMin: 3 }]),
      'pod web: it needs 3 zones, and the candidates have 2',
    ],
    [
      'a zone that is to be survived and is the only one',
      { ...problem([web], [pool('general', { zones: ['a'] })]), survive: ['zone'] },
      'pod web: it cannot survive the loss of zone a: all candidates for it are there',
    ],
    [
      'more copies than all candidates hold',
      problem([{ ...web, requests: { cpu: 2000 }, count: 4 }]),
      'pod web: at most 3 of 4 fit all candidates at their maximum',
    ],
    [
      'more in all than the candidates have',
      problem([
        { ...web, requests: { cpu: 1900 }, count: 4 },
        { ...web, name: 'api', requests: { cpu: 1900 }, count: 4 },
      ]),
      'cpu: all pods together need 15200m, all candidates at their maximum offer 11760m',
    ],
    [
      'an unknown price',
      problem([web], [pool('general', { pricePerHour: null })]),
      'plan.pools.general: the price of m5.xlarge is unknown: give one (pricePerHour of its pool, usd_hour in a catalogue), or minimize nodes',
    ],
    [
      'a negative count',
      problem([web], [pool('general', { nMin: -1 })]),
      'plan.pools.general: the minimum -1 is not a whole number >= 0',
    ],
    [
      'a range upside down',
      problem([web], [pool('general', { nMin: 2, nMax: 1 })]),
      'plan.pools.general: the maximum 1 is not a whole number >= the minimum 2',
    ],
    ['no candidate', problem([web], []), 'plan.pools: there is no candidate node type'],
    [
      'nothing to minimize',
      { ...problem([web]), weights: { cost: 0, nodes: 0 } },
      'plan.minimize: the weights must not be negative, and one must be positive',
    ],
  ])('names %s', (_name, input, expected) => {
    expect(planProblems(input).map(formatProblem)).toEqual([expected]);
    expect(() => checkPlan(input)).toThrow(expected);
  });

  it('names every pod that cannot be placed', () => {
    const big = { ...web, requests: { cpu: 64_000 } };
    expect(planProblems(problem([big, { ...big, name: 'api' }, web])).map((each) => each.path)).toEqual([
      'pod web',
      'pod api',
    ]);
  });

  it('does not mind shapes of which no copy is wanted', () => {
    expect(planProblems(problem([{ ...web, requests: { cpu: 64_000 }, count: 0 }]))).toEqual([]);
  });
});
