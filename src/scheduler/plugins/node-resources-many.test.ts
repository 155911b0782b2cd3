/** What resource plugins say of many nodes in one call is what they say of each. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node } from '../../kube/types.ts';
import type { AnyPlugin } from '../framework/profile.ts';
import { bindPod, clusterOf, cycleOf, nodeOf, podOf } from '../testing/plugin-probe.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesBalancedAllocationArgs, nodeResourcesFitArgs } from './node-resources-fit.schema.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';

const GPU = 'example.com/gpu';
const resources = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 3 },
  { name: GPU, weight: 2 },
];
const shape = [
  { utilization: 0, score: 0 },
  { utilization: 70, score: 9 },
  { utilization: 100, score: 2 },
];

const PLUGINS: Readonly<Record<string, () => AnyPlugin>> = {
  'NodeResourcesFit by default': () => nodeResourcesFit(nodeResourcesFitArgs.parse({})),
  'NodeResourcesFit, MostAllocated': () =>
    nodeResourcesFit(nodeResourcesFitArgs.parse({ scoringStrategy: { type: 'MostAllocated', resources } })),
  'NodeResourcesFit, RequestedToCapacityRatio': () =>
    nodeResourcesFit(
      nodeResourcesFitArgs.parse({
        scoringStrategy: { type: 'RequestedToCapacityRatio', resources, requestedToCapacityRatio: { shape } },
      }),
    ),
  'NodeResourcesBalancedAllocation by default': () =>
    nodeResourcesBalancedAllocation(nodeResourcesBalancedAllocationArgs.parse({})),
  'NodeResourcesBalancedAllocation of three resources': () =>
    nodeResourcesBalancedAllocation(
      nodeResourcesBalancedAllocationArgs.parse({
        resources: resources.map(({ name }) => ({ name, weight: 1 })),
      }),
    ),
};

const amounts = fc.record({ cpu: fc.nat(5000), memory: fc.nat(9), gpu: fc.nat(3) });
type Amounts = { readonly cpu: number; readonly memory: number; readonly gpu: number };

const quantities = ({ cpu, memory, gpu }: Amounts) => ({
  cpu: `${cpu}m`,
  memory: `${memory}Gi`,
  ...(gpu > 0 && { [GPU]: `${gpu}` }),
});

function node(name: string, all: Amounts, pods: number): Node {
  return { ...nodeOf(name), status: { allocatable: { ...quantities(all), pods: `${pods}` } } };
}

function pod(requests: Amounts, nodeName?: string) {
  const containers = [{ name: 'c', image: 'i', resources: { requests: quantities(requests) } }];
  return podOf({}, { containers, ...(nodeName && { nodeName }) });
}

const stories = fc.record({
  nodes: fc.array(fc.record({ all: amounts, pods: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  bound: fc.array(fc.record({ on: fc.nat(7), asks: amounts }), { maxLength: 12 }),
  asks: amounts,
});

test.each(Object.entries(PLUGINS))('%s', (_, make) => {
  let nChecked = 0;
  fc.assert(
    fc.property(stories, ({ nodes, bound, asks }) => {
      const plugin = make();
      const cluster = clusterOf(nodes.map(({ all, pods }, i) => node(`n${i}`, all, pods)));
      for (const each of bound) bindPod(cluster, pod(each.asks, `n${each.on % nodes.length}`));
      const cycle = cycleOf(cluster, pod(asks));
      const rows = nodes.map((_, i) => cluster.nodes.find(`n${i}`));
      const n = rows.length;
      const filtering = plugin.preFilter?.(cycle);
      if (filtering && 'state' in filtering) {
        const passes = new Uint8Array(n).fill(1);
        plugin.filterMany!(filtering.state, cluster.nodes, 0, n, passes);
        const one = rows.map((row) => (plugin.filter!(filtering.state, row, cycle) ? 0 : 1));
        expect(rows.map((row) => passes[row])).toEqual(one);
      }
      const scoring = plugin.preScore!(cycle, new Int32Array(0));
      if (!('state' in scoring)) return;
      const scores = new Float64Array(n);
      plugin.scoreMany!(scoring.state, cluster.nodes, 0, n, scores);
      expect(rows.map((row) => scores[row])).toEqual(
        rows.map((row) => plugin.score!(scoring.state, row, cycle)),
      );
      nChecked++;
    }),
    { numRuns: 150, seed: 7 },
  );
  expect(nChecked).toBeGreaterThan(100);
});
