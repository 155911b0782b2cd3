/**
 * The fit of the cost model, against the rates that kube-scheduler 1.37.2 reached in the benchmark of the oracle: pods
 * a second of wall time, two cores, default profile.
 */
import { describe, expect, it } from 'vitest';
import type { PodClass } from '../cluster/pod-class.ts';
import type { PodSpec } from '../kube/types.ts';
import { cycleCost } from './cost-model.ts';
import { nFeasibleNodesToFind } from './framework/node-sampling.ts';

type Variant = 'plain' | 'anti-affinity' | 'preferred-affinity' | 'spread';

/** Nodes, pods, variant, percentageOfNodesToScore, pods per second. */
const RECORDED: readonly (readonly [number, number, Variant, number, number])[] = [
  [100, 1000, 'plain', 0, 2129.284],
  [100, 1000, 'plain', 100, 2205.214],
  [100, 1000, 'anti-affinity', 0, 1457.906],
  [100, 1000, 'anti-affinity', 100, 1666.197],
  [100, 1000, 'preferred-affinity', 0, 1756.345],
  [100, 1000, 'preferred-affinity', 100, 1714.116],
  [100, 1000, 'spread', 0, 2091.884],
  [100, 1000, 'spread', 100, 2089.343],
  [1000, 1000, 'plain', 0, 1053.897],
  [1000, 1000, 'plain', 100, 540.36],
  [1000, 1000, 'anti-affinity', 0, 712.181],
  [1000, 1000, 'anti-affinity', 100, 414.296],
  [1000, 1000, 'preferred-affinity', 0, 772.159],
  [1000, 1000, 'preferred-affinity', 100, 428.485],
  [1000, 1000, 'spread', 0, 788.325],
  [1000, 1000, 'spread', 100, 426.811],
  [5000, 1000, 'plain', 0, 916.009],
  [5000, 1000, 'plain', 100, 97.293],
  [5000, 1000, 'anti-affinity', 0, 502.666],
  [5000, 1000, 'anti-affinity', 100, 98.808],
  [5000, 1000, 'preferred-affinity', 0, 572.783],
  [5000, 1000, 'preferred-affinity', 100, 99.067],
  [5000, 1000, 'spread', 0, 490.646],
  [5000, 1000, 'spread', 100, 104.554],
  [15000, 1000, 'plain', 0, 569.117],
  [15000, 1000, 'plain', 100, 35.922],
  [15000, 1000, 'anti-affinity', 0, 316.79],
  [15000, 1000, 'anti-affinity', 100, 32.327],
  [15000, 1000, 'preferred-affinity', 0, 326.801],
  [15000, 1000, 'preferred-affinity', 100, 31.285],
  [15000, 1000, 'spread', 0, 274.299],
  [15000, 1000, 'spread', 100, 32.132],
  [100, 5000, 'plain', 0, 2426.994],
  [100, 5000, 'plain', 100, 2358.621],
  [1000, 5000, 'plain', 0, 936.995],
  [1000, 5000, 'plain', 100, 502.73],
  [5000, 5000, 'plain', 0, 821.278],
  [5000, 5000, 'plain', 100, 115.633],
  [15000, 5000, 'plain', 0, 565.357],
  [15000, 5000, 'plain', 100, 37.966],
  [1000, 10000, 'plain', 0, 1014.623],
  [1000, 10000, 'plain', 100, 505.397],
  [5000, 10000, 'plain', 0, 872.061],
  [5000, 10000, 'plain', 100, 124.632],
];

const SPECS: Readonly<Record<Variant, object>> = {
  plain: {},
  'anti-affinity': { affinity: { podAntiAffinity: {} } },
  'preferred-affinity': { affinity: { podAffinity: {} } },
  spread: {
    topologySpreadConstraints: [{ maxSkew: 5, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
  },
};

const classOf = (variant: Variant) => ({ spec: SPECS[variant] as PodSpec }) as PodClass;

describe('cycleCost', () => {
  it.each(RECORDED)(
    'comes within 25 %% of the real rate: %i nodes, %i pods, %s, percentage %i',
    (nNodes, _, variant, percentage, recorded) => {
      const n = nFeasibleNodesToFind(nNodes, percentage);
      const cls = classOf(variant);
      const us = cycleCost()({ cls, nNodes, nEvaluated: n, nFeasible: n, nDryRuns: 0 });
      const rate = 1e6 / us;
      expect(Math.abs(rate / recorded - 1)).toBeLessThan(0.25);
    },
  );

  const work = { cls: classOf('plain'), nNodes: 1000, nEvaluated: 1000, nFeasible: 0, nDryRuns: 0 };

  it('takes less time for a node that is only filtered', () => {
    expect(cycleCost()(work)).toBeLessThan(cycleCost()({ ...work, nFeasible: 1000 }));
  });

  it('does not score a single feasible node', () => {
    expect(cycleCost()({ ...work, nFeasible: 1 })).toBe(cycleCost()(work));
  });

  it('divides the work on nodes among cores, but no further than there are workers', () => {
    const us = (nCores: number, parallelism: number) => cycleCost({ nCores, parallelism })(work);
    expect(us(4, 16)).toBeLessThan(us(2, 16));
    expect(us(64, 16)).toBe(us(16, 16));
    expect(us(64, 1)).toBe(us(1, 16));
  });
});
