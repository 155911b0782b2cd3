import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Container, KubeObject, Node, Pod } from '../../../kube/types.ts';
import type { AnyPlugin } from '../../framework/profile.ts';
import { clusterOf, nodeOf, podOf, probe } from '../../testing/plugin-probe.ts';
import { RELEASES } from '../release.ts';
import { evenPodsSpreadPriority } from './even-pods-spread.ts';
import { interPodAffinityPriority } from './inter-pod-affinity.ts';
import { nodeLabelPriority, nodePreferAvoidPods } from './node-preferences.ts';
import { leastRequested, mostRequested, requestedToCapacityRatio } from './resource-use.ts';
import { selectorSpread } from './selector-spread.ts';
import { serviceAntiAffinity } from './service-anti-affinity.ts';

const R16 = RELEASES['classic-1.16'];
const R17 = RELEASES['classic-1.17'];

const sized = (name: string, cpu: number, memory: number): Node => ({
  ...nodeOf(name),
  status: { allocatable: { cpu: `${cpu}m`, memory: String(memory) } },
});
const asking = (cpu: number, memory: number) => {
  const requests = { cpu: `${cpu}m`, memory: String(memory) };
  const containers: Container[] = [{ name: 'c', image: 'i', resources: { requests } }];
  return podOf({}, { containers });
};
const scoreOf = (plugin: AnyPlugin, node: Node, pod: Pod) =>
  probe(plugin, clusterOf([node]), pod).raw![node.metadata.name!];

/** Whole numbers without end instead of doubles. */
const exact = {
  least: (asked: bigint, there: bigint, max: bigint) =>
    there === 0n || asked > there ? 0n : ((there - asked) * max) / there,
  most: (asked: bigint, there: bigint, max: bigint) =>
    there === 0n || asked > there ? 0n : (asked * max) / there,
};

describe('LeastRequested and MostRequested', () => {
  const amount = fc.integer({ min: 0, max: 256_000 });
  const bytes = fc.integer({ min: 0, max: 2 ** 41 });
  test.each([
    ['least', leastRequested, R16],
    ['least', leastRequested, R17],
    ['most', mostRequested, R16],
    ['most', mostRequested, R17],
  ] as const)('%s: as in exact arithmetic', (kind, create, release) => {
    fc.assert(
      fc.property(amount, amount, bytes, bytes, (cpuAsked, cpu, memoryAsked, memory) => {
        const max = BigInt(release.maxScore);
        const parts =
          exact[kind](BigInt(cpuAsked), BigInt(cpu), max) +
          exact[kind](BigInt(memoryAsked), BigInt(memory), max);
        const got = scoreOf(create('x', release), sized('n', cpu, memory), asking(cpuAsked, memoryAsked));
        expect(got).toBe(Number(parts / 2n));
      }),
    );
  });

  test('each scale truncates by itself: 72 of 100 is not 7 of 10', () => {
    // 79 and 65 of 100, 7 and 6 of 10.
    const [node, pod] = [sized('n', 1000, 1000), asking(210, 350)];
    expect(scoreOf(leastRequested('x', R17), node, pod)).toBe(72);
    expect(scoreOf(leastRequested('x', R16), node, pod)).toBe(6);
  });

  test('a node that would be over-committed is not the most requested', () => {
    expect(scoreOf(mostRequested('x', R17), sized('n', 100, 100), asking(101, 101))).toBe(0);
  });
});

describe('RequestedToCapacityRatio', () => {
  test('a falling line is cut toward zero', () => {
    const shape = [
      { utilization: 0, score: 10 },
      { utilization: 100, score: 0 },
    ];
    const plugin = requestedToCapacityRatio('x', R16, shape, new Map([['cpu', 1]]));
    // 10 + trunc(-3.3) is 7; rounded down it would be 6.
    expect(scoreOf(plugin, sized('n', 100, 100), asking(33, 0))).toBe(7);
  });

  test('resources that score 0 drop out of the mean', () => {
    const shape = [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ];
    const plugin = requestedToCapacityRatio('x', R17, shape);
    expect(scoreOf(plugin, sized('n', 100, 100), asking(50, 0))).toBe(50);
  });
});

const service = (selector: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'default' },
  ...{ spec: { selector } },
});
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone';
const STABLE_ZONE = 'topology.kubernetes.io/zone';
const on = (nodeName: string, labels: Record<string, string>) => podOf(labels, { nodeName });

describe('SelectorSpread', () => {
  const clusterWith = (zoneKey: string) =>
    clusterOf(
      [nodeOf('a', { [zoneKey]: '1' }), nodeOf('b', { [zoneKey]: '1' }), nodeOf('c', { [zoneKey]: '2' })],
      [on('a', { app: 'x' })],
      [service({ app: 'x' })],
    );
  const pod = podOf({ app: 'x' });

  test('two thirds of the score are for the zone', () => {
    expect(probe(selectorSpread('x', R17), clusterWith(BETA_ZONE), pod).normalized).toEqual({
      a: 0,
      b: 33,
      c: 100,
    });
  });

  test('1.16 does not know the stable zone label', () => {
    expect(probe(selectorSpread('x', R16), clusterWith(STABLE_ZONE), pod).normalized).toEqual({
      a: 0,
      b: 10,
      c: 10,
    });
    expect(probe(selectorSpread('x', R17), clusterWith(STABLE_ZONE), pod).normalized).toEqual({
      a: 0,
      b: 33,
      c: 100,
    });
  });

  test('a pod that nothing selects gets the maximum everywhere', () => {
    expect(probe(selectorSpread('x', R16), clusterWith(BETA_ZONE), podOf({})).normalized).toEqual({
      a: 10,
      b: 10,
      c: 10,
    });
  });
});

describe('ServiceAntiAffinity', () => {
  const cluster = () =>
    clusterOf(
      [nodeOf('a', { rack: '1' }), nodeOf('b', { rack: '2' }), nodeOf('none')],
      [on('a', { app: 'x' }), on('a', { app: 'x' }), on('none', { app: 'x' })],
      [service({ app: 'x' })],
    );

  test('pods on nodes without the label count in the sum, and the node gets 0', () => {
    const { normalized } = probe(serviceAntiAffinity('x', R16, ['rack']), cluster(), podOf({ app: 'x' }));
    expect(normalized).toEqual({ a: 3, b: 10, none: 0 });
  });
});

describe('InterPodAffinityPriority', () => {
  test('the range always includes 0: scores that are all alike are not all 0', () => {
    const nodes = ['a', 'b'].map((name) => nodeOf(name, { zone: name }));
    const podAffinityTerm = { labelSelector: { matchLabels: { app: 'x' } }, topologyKey: 'zone' };
    const pod = podOf(
      {},
      {
        affinity: {
          podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm }] },
        },
      },
    );
    const cluster = clusterOf(nodes, [on('a', { app: 'x' }), on('b', { app: 'x' })]);
    expect(probe(interPodAffinityPriority('x', R16, 1), cluster, pod).normalized).toEqual({ a: 10, b: 10 });
  });
});

describe('EvenPodsSpreadPriority', () => {
  const constraint = {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: { app: 'x' } },
  } as const;
  const pod = podOf({}, { topologySpreadConstraints: [constraint] });

  test('where all are equal, nodes without the key get 0 in 1.16 and the maximum in 1.17', () => {
    const cluster = clusterOf([nodeOf('a', { zone: 'a' }), nodeOf('none')]);
    expect(probe(evenPodsSpreadPriority('x', R16), cluster, pod).normalized).toEqual({ a: 10, none: 0 });
    expect(probe(evenPodsSpreadPriority('x', R17), cluster, pod).normalized).toEqual({ a: 100, none: 100 });
  });
});

describe('what nodes are', () => {
  test('the mean over several labels is a whole number', () => {
    const plugin = nodeLabelPriority('x', R17, ['a', 'b'], ['c']);
    const cluster = clusterOf([nodeOf('n', { a: '' }), nodeOf('m', { c: '' })]);
    expect(probe(plugin, cluster, podOf({})).raw).toEqual({ n: 66, m: 0 });
  });

  const avoiding = (annotation: string): Node => {
    const node = nodeOf('n');
    const annotations = { 'scheduler.alpha.kubernetes.io/preferAvoidPods': annotation };
    return { ...node, metadata: { ...node.metadata, annotations } };
  };
  const signed = JSON.stringify({
    preferAvoidPods: [{ podSignature: { podController: { kind: 'ReplicaSet', uid: 'u' } } }],
  });
  test.each([
    ['keeps the named controller off', signed, 'ReplicaSet', 0],
    ['means nothing to other kinds of controllers', signed.replace('ReplicaSet', 'Job'), 'Job', 10],
    ['means nothing if it is malformed', '{', 'ReplicaSet', 10],
  ])('the avoidance annotation %s', (_, annotation, kind, score) => {
    const ownerReferences = [{ apiVersion: 'v1', kind, name: 'o', uid: 'u', controller: true }];
    const pod = podOf({}, {}, { ownerReferences });
    expect(scoreOf(nodePreferAvoidPods('x', R16), avoiding(annotation), pod)).toBe(score);
  });
});
