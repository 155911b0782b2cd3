import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Node, Pod, StringMap } from '../../kube/types.ts';
import { bindPod, clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodeResourcesFitArgs } from './node-resources-fit.schema.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';

const plugin = (args: object = {}) => nodeResourcesFit(nodeResourcesFitArgs.parse(args));
const node = (allocatable: StringMap): Node => ({
  ...nodeOf('n'),
  status: { allocatable: { pods: '10', ...allocatable } },
});
const asking = (requests: StringMap, more: Partial<Pod['spec']> = {}): Partial<Pod['spec']> => ({
  containers: [{ name: 'c', image: 'i', resources: { requests } }],
  ...more,
});
/** What is said of a pod on a node on which others run. */
function ask(
  allocatable: StringMap,
  others: readonly StringMap[],
  spec: Partial<Pod['spec']>,
  args: object = {},
) {
  const cluster = clusterOf([node(allocatable)]);
  for (const requests of others) bindPod(cluster, podOf({}, asking(requests, { nodeName: 'n' })));
  const { failed, raw } = probe(plugin(args), cluster, podOf({}, spec));
  return failed.n ?? raw?.n;
}

describe('the filter of NodeResourcesFit', () => {
  const full = { cpu: '4', memory: '8Gi', 'example.com/gpu': '2' };
  it.each<[string, readonly StringMap[], StringMap, object, string | undefined]>([
    ['takes what is left to the last milli', [{ cpu: '3500m' }], { cpu: '500m' }, {}, undefined],
    ['rejects one milli more', [{ cpu: '3500m' }], { cpu: '501m' }, {}, 'Unschedulable: Insufficient cpu'],
    [
      'says that no preemption helps where the whole node is too small',
      [],
      { cpu: '5' },
      {},
      'UnschedulableAndUnresolvable: Insufficient cpu',
    ],
    [
      'names all that is short',
      [{ cpu: '4', memory: '8Gi' }],
      { cpu: '1', memory: '1' },
      {},
      'Unschedulable: Insufficient cpu, Insufficient memory',
    ],
    [
      'knows extended resources',
      [{ 'example.com/gpu': '1' }],
      { 'example.com/gpu': '2' },
      {},
      'Unschedulable: Insufficient example.com/gpu',
    ],
    [
      'takes a resource that the node has not for none',
      [],
      { 'example.com/other': '1' },
      {},
      'UnschedulableAndUnresolvable: Insufficient example.com/other',
    ],
    [
      'leaves ignored resources aside',
      [],
      { 'example.com/other': '1' },
      { ignoredResources: ['example.com/other'] },
      undefined,
    ],
    [
      'leaves ignored groups aside',
      [],
      { 'example.com/other': '1' },
      { ignoredResourceGroups: ['example.com'] },
      undefined,
    ],
    [
      'does not ignore cpu',
      [],
      { cpu: '5' },
      { ignoredResources: ['cpu'] },
      'UnschedulableAndUnresolvable: Insufficient cpu',
    ],
    ['passes pods that ask for nothing even on full nodes', [{ cpu: '4', memory: '8Gi' }], {}, {}, undefined],
  ])('%s', (_, others, requests, args, expected) => {
    const answer = ask(full, others, asking(requests), args);
    expect(typeof answer === 'string' ? answer : undefined).toBe(expected);
  });

  it('counts pods too', () => {
    const two = [{ cpu: '1' }, { cpu: '1' }];
    expect(ask({ cpu: '4', pods: '2' }, two, asking({}))).toBe('Unschedulable: Too many pods');
    expect(ask({ cpu: '4', pods: '2' }, two, asking({ cpu: '3' }))).toBe(
      'Unschedulable: Too many pods, Insufficient cpu',
    );
  });

  it.each<[string, Partial<Pod['spec']>, boolean]>([
    [
      'adds up containers',
      { containers: ['a', 'b'].map((name) => ({ name, image: 'i', resources: { requests: { cpu: '3' } } })) },
      false,
    ],
    [
      'takes the largest init container, not the sum',
      asking(
        { cpu: '2' },
        {
          initContainers: ['a', 'b'].map((name) => ({
            name,
            image: 'i',
            resources: { requests: { cpu: '4' } },
          })),
        },
      ),
      true,
    ],
    [
      'adds sidecars to the containers',
      asking(
        { cpu: '2' },
        {
          initContainers: [
            { name: 's', image: 'i', restartPolicy: 'Always', resources: { requests: { cpu: '3' } } },
          ],
        },
      ),
      false,
    ],
    ['adds the overhead', asking({ cpu: '4' }, { overhead: { cpu: '1m' } }), false],
    [
      'takes pod-level requests for the whole pod',
      asking({ cpu: '2' }, { resources: { requests: { cpu: '5' } } }),
      false,
    ],
  ])('%s', (_, spec, fits) => {
    expect(typeof ask({ cpu: '4', memory: '8Gi' }, [], spec) === 'number').toBe(fits);
  });

  it('passes exactly what a plain sum allows', () => {
    const cpu = fc.integer({ min: 1, max: 1500 });
    fc.assert(
      fc.property(fc.array(cpu, { maxLength: 5 }), cpu, (others, mine) => {
        const milli = (n: number) => ({ cpu: `${n}m` });
        const fits = others.reduce((sum, n) => sum + n, mine) <= 4000;
        const answer = ask({ cpu: '4', memory: '1Gi' }, others.map(milli), asking(milli(mine)));
        expect(typeof answer === 'number').toBe(fits);
      }),
    );
  });
});

describe('the score of NodeResourcesFit', () => {
  const half = { cpu: '2', memory: '2Gi' };
  const strategy = (type: string, more: object = {}) => ({ scoringStrategy: { type, ...more } });
  const ratio = (...points: [number, number][]) =>
    strategy('RequestedToCapacityRatio', {
      requestedToCapacityRatio: { shape: points.map(([utilization, score]) => ({ utilization, score })) },
    });
  const onlyCpu = { resources: [{ name: 'cpu', weight: 1 }] };

  it.each<[string, object, number]>([
    // With the pod 3 of 4 processors (25 left, 75 used) and 3 of 8 GiB (62 left, 37 used) are asked for.
    ['is the share left, the mean of cpu and memory', {}, 43],
    ['of MostAllocated is the share used', strategy('MostAllocated'), 56],
    ['looks at given resources only', strategy('LeastAllocated', onlyCpu), 25],
    [
      'weighs resources',
      strategy('LeastAllocated', {
        resources: [
          { name: 'cpu', weight: 3 },
          { name: 'memory', weight: 1 },
        ],
      }),
      34,
    ],
    ['follows a rising shape', ratio([0, 0], [100, 10]), 56],
    ['follows a falling shape, cut toward zero', ratio([0, 10], [100, 0]), 44],
    ['leaves out resources that score 0', ratio([0, 0], [37, 0], [75, 8], [100, 10]), 80],
    ['is flat beyond the ends of a shape', ratio([40, 3], [60, 7]), 50],
  ])('%s', (_, args, expected) => {
    expect(ask({ cpu: '4', memory: '8Gi' }, [half], asking({ cpu: '1', memory: '1Gi' }), args)).toBe(
      expected,
    );
  });

  it('takes 100m and 200 MiB for containers that ask for nothing', () => {
    // 200 of 1000 milli and 400 of 1000 MiB: 80 and 60.
    expect(ask({ cpu: '1', memory: '1000Mi' }, [{}], asking({}))).toBe(70);
  });

  it('leaves out extended resources that the pod does not ask for', () => {
    const resources = [
      { name: 'cpu', weight: 1 },
      { name: 'example.com/gpu', weight: 1 },
    ];
    const score = (requests: StringMap) =>
      ask(
        { cpu: '4', 'example.com/gpu': '4' },
        [],
        asking(requests),
        strategy('MostAllocated', { resources }),
      );
    expect(score({ cpu: '1' })).toBe(25);
    expect(score({ cpu: '1', 'example.com/gpu': '4' })).toBe(62);
  });

  it('of LeastAllocated falls and of MostAllocated rises as the pod grows, within 0..100', () => {
    const cpu = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(cpu, cpu, (a, b) => {
        const score = (type: string, n: number) =>
          ask({ cpu: '4' }, [], asking({ cpu: `${n}m` }), strategy(type, onlyCpu)) as number;
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        expect(score('LeastAllocated', small)).toBeGreaterThanOrEqual(score('LeastAllocated', large));
        expect(score('MostAllocated', large)).toBeGreaterThanOrEqual(score('MostAllocated', small));
        expect(score('LeastAllocated', large)).toBeGreaterThanOrEqual(0);
        expect(score('MostAllocated', large)).toBeLessThanOrEqual(100);
      }),
    );
  });
});
