import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StringMap } from '../../kube/types.ts';
import { bindPod, clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesBalancedAllocationArgs } from './node-resources-fit.schema.ts';

const asking = (requests: StringMap) => ({
  containers: [{ name: 'c', image: 'i', resources: { requests } }],
});

/** Amounts are percents of a node of 10 processors, 10 GB and 100 devices. */
function score(
  used: readonly number[],
  asked: readonly number[],
  names = ['cpu', 'memory'],
): number | undefined {
  const amounts = (percents: readonly number[]) =>
    Object.fromEntries(names.map((name, i) => [name, quantity(name, percents[i]!)]));
  const allocatable = {
    cpu: '10',
    memory: '10G',
    'example.com/gpu': '100',
    'ephemeral-storage': '100',
    pods: '9',
  };
  const cluster = clusterOf([{ ...nodeOf('n'), status: { allocatable } }]);
  bindPod(cluster, podOf({}, { ...asking(amounts(used)), nodeName: 'n' }));
  const args = nodeResourcesBalancedAllocationArgs.parse({
    resources: names.map((name) => ({ name, weight: 1 })),
  });
  return probe(nodeResourcesBalancedAllocation(args), cluster, podOf({}, asking(amounts(asked)))).raw?.n;
}

function quantity(name: string, percent: number): string {
  if (name === 'cpu') return `${percent * 100}m`;
  return name === 'memory' ? `${percent * 100}M` : `${percent}`;
}

describe('the score of NodeResourcesBalancedAllocation', () => {
  it.each<[string, readonly number[], readonly number[], number]>([
    ['is 75 where the pod changes nothing about the balance', [0, 0], [20, 20], 75],
    ['is more where the pod evens out', [40, 0], [0, 40], 85],
    ['is less where the pod unbalances', [20, 20], [40, 0], 65],
    ['counts a full resource as full, however much is asked', [90, 90], [60, 10], 75],
  ])('%s', (_, used, asked, expected) => {
    expect(score(used, asked)).toBe(expected);
  });

  it('takes the standard deviation of three resources', () => {
    // Shares 0.9, 0, 0: deviation sqrt(0.18) = 0.4243, so 57 instead of 100; of two of them it were 0.45.
    expect(score([0, 0, 0], [90, 0, 0], ['cpu', 'memory', 'ephemeral-storage'])).toBe(53);
  });

  it('leaves out pods that ask for nothing', () => {
    expect(score([50, 0], [0, 0])).toBeUndefined();
  });

  it('is the same with the resources exchanged, and within 0..100', () => {
    const percent = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(percent, percent, percent, fc.integer({ min: 1, max: 50 }), (a, b, c, d) => {
        const one = score([a, b], [c, d])!;
        expect(score([b, a], [d, c])).toBe(one);
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(100);
      }),
    );
  });
});
