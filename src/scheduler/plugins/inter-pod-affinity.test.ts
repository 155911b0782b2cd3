import { describe, expect, test } from 'vitest';
import type { KubeObject, LabelSelector, Pod, PodAffinityTerm } from '../../kube/types.ts';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { interPodAffinityArgs } from './inter-pod-affinity.schema.ts';
import { interPodAffinity } from './inter-pod-affinity.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';
const AFFINITY = "UnschedulableAndUnresolvable: node(s) didn't match pod affinity rules";
const ANTI = "Unschedulable: node(s) didn't match pod anti-affinity rules";
const EXISTING = "Unschedulable: node(s) didn't satisfy existing pods anti-affinity rules";

const plugin = (args: unknown = {}) => interPodAffinity(interPodAffinityArgs.parse(args));
const node = (name: string, zone?: string) => nodeOf(name, { [HOST]: name, ...(zone && { [ZONE]: zone }) });
const NODES = [node('a1', 'a'), node('a2', 'a'), node('b1', 'b'), node('none')];
const WEB_ON_A1 = podOf({ app: 'web' }, { nodeName: 'a1' });

const app = (name: string): LabelSelector => ({ matchLabels: { app: name } });
const term = (topologyKey: string, labelSelector: LabelSelector, more = {}): PodAffinityTerm => ({
  topologyKey,
  labelSelector,
  ...more,
});
type Kind = 'podAffinity' | 'podAntiAffinity';
const required = (kind: Kind, ...terms: PodAffinityTerm[]): Partial<Pod['spec']> => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const preferred = (kind: Kind, weight: number, podAffinityTerm: PodAffinityTerm): Partial<Pod['spec']> => ({
  affinity: { [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm }] } },
});
const namespace = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

describe('required terms', () => {
  const nearWeb = term(ZONE, app('web'));
  const rows: [string, Pod, Pod[], Record<string, string>][] = [
    [
      'affinity wants a match in the zone',
      podOf({}, required('podAffinity', nearWeb)),
      [WEB_ON_A1],
      { b1: AFFINITY, none: AFFINITY },
    ],
    [
      'different pods may satisfy different terms, but each must match all of them',
      podOf({}, required('podAffinity', nearWeb, term(HOST, app('web')))),
      [WEB_ON_A1],
      { a2: AFFINITY, b1: AFFINITY, none: AFFINITY },
    ],
    [
      'a pod that matches only one of two terms counts for neither',
      podOf({}, required('podAffinity', nearWeb, term(ZONE, { matchLabels: { tier: 'x' } }))),
      [WEB_ON_A1, podOf({ tier: 'x' }, { nodeName: 'a1' })],
      { a1: AFFINITY, a2: AFFINITY, b1: AFFINITY, none: AFFINITY },
    ],
    [
      'the first of a group may go wherever the key is',
      podOf({ app: 'web' }, required('podAffinity', nearWeb)),
      [],
      { none: AFFINITY },
    ],
    [
      'not so one that does not match itself',
      podOf({}, required('podAffinity', nearWeb)),
      [],
      { a1: AFFINITY, a2: AFFINITY, b1: AFFINITY, none: AFFINITY },
    ],
    [
      'a match on a node without the key leaves the pod the first',
      podOf({ app: 'web' }, required('podAffinity', nearWeb)),
      [podOf({ app: 'web' }, { nodeName: 'none' })],
      { none: AFFINITY },
    ],
    [
      'anti-affinity keeps off the zone, and a node without the key passes',
      podOf({}, required('podAntiAffinity', nearWeb)),
      [WEB_ON_A1],
      { a1: ANTI, a2: ANTI },
    ],
    [
      "an existing pod's anti-affinity keeps off its host",
      podOf({ app: 'web' }),
      [podOf({}, { nodeName: 'a1', ...required('podAntiAffinity', term(HOST, app('web'))) })],
      { a1: EXISTING },
    ],
    [
      'terminating pods count',
      podOf({}, required('podAntiAffinity', term(HOST, app('web')))),
      [podOf({ app: 'web' }, { nodeName: 'a1' }, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      { a1: ANTI },
    ],
    [
      'a missing selector matches no pod, an empty one all of the namespace',
      podOf({}, required('podAntiAffinity', { topologyKey: ZONE }, term(HOST, {}))),
      [WEB_ON_A1],
      { a1: ANTI },
    ],
    [
      'pods of other namespaces do not count',
      podOf({}, required('podAntiAffinity', nearWeb), { namespace: 'other' }),
      [WEB_ON_A1],
      {},
    ],
    [
      'namespaces can be named',
      podOf({}, required('podAntiAffinity', { ...nearWeb, namespaces: ['default'] }), { namespace: 'other' }),
      [WEB_ON_A1],
      { a1: ANTI, a2: ANTI },
    ],
  ];
  test.each(rows)('%s', (_, pod, pods, failed) => {
    expect(probe(plugin(), clusterOf(NODES, pods), pod).failed).toEqual(failed);
  });

  test('a pod that neither asks nor is kept off anywhere skips the filter', () => {
    expect(probe(plugin(), clusterOf(NODES, [WEB_ON_A1]), podOf({})).skipsFilter).toBe(true);
    const ofOthers = podOf({}, { nodeName: 'a1', ...required('podAntiAffinity', term(HOST, app('db'))) });
    expect(probe(plugin(), clusterOf(NODES, [ofOthers]), podOf({ app: 'web' })).skipsFilter).toBe(true);
  });

  test('whose term it is matters where the namespace has no object', () => {
    const notProd = {
      namespaceSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn' as const, values: ['prod'] }] },
    };
    const avoidsWeb = required('podAntiAffinity', term(HOST, app('web'), notProd));
    const other = { namespace: 'other' };
    const theirs = clusterOf(NODES, [podOf({}, { nodeName: 'a1', ...avoidsWeb })]);
    expect(probe(plugin(), theirs, podOf({ app: 'web' }, {}, other)).failed).toEqual({ a1: EXISTING });
    const ours = clusterOf(NODES, [podOf({ app: 'web' }, { nodeName: 'a1' }, other)]);
    expect(probe(plugin(), ours, podOf({}, avoidsWeb)).failed).toEqual({});
    ours.upsertObject(namespace('other', { env: 'dev' }));
    expect(probe(plugin(), ours, podOf({}, avoidsWeb)).failed).toEqual({ a1: ANTI });
  });

  test('new labels of a namespace are heard of', () => {
    const inProd = { namespaceSelector: { matchLabels: { env: 'prod' } } };
    const cluster = clusterOf(NODES, [WEB_ON_A1], [namespace('default')]);
    const affinity = plugin();
    const pod = podOf({}, required('podAntiAffinity', term(HOST, app('web'), inProd)));
    expect(probe(affinity, cluster, pod).failed).toEqual({});
    cluster.upsertObject(namespace('default', { env: 'prod' }));
    expect(probe(affinity, cluster, pod).failed).toEqual({ a1: ANTI });
  });
});

describe('scores', () => {
  const nearWeb = term(ZONE, app('web'));
  const rows: [string, Pod, Pod[], unknown, Record<string, number> | undefined][] = [
    [
      'preferred affinity adds its weight per pod in the domain',
      podOf({}, preferred('podAffinity', 7, nearWeb)),
      [WEB_ON_A1, podOf({ app: 'web' }, { nodeName: 'a2' })],
      {},
      { a1: 14, a2: 14, b1: 0, none: 0 },
    ],
    [
      'preferred anti-affinity takes it away',
      podOf({}, preferred('podAntiAffinity', 7, nearWeb)),
      [WEB_ON_A1],
      {},
      { a1: -7, a2: -7, b1: 0, none: 0 },
    ],
    [
      "existing pods' preferences count as well",
      podOf({ app: 'web' }),
      [podOf({}, { nodeName: 'b1', ...preferred('podAffinity', 5, nearWeb) })],
      {},
      { a1: 0, a2: 0, b1: 5, none: 0 },
    ],
    [
      'so do their required terms, with the hard weight',
      podOf({ app: 'web' }),
      [podOf({}, { nodeName: 'b1', ...required('podAffinity', nearWeb) })],
      { hardPodAffinityWeight: 9 },
      { a1: 0, a2: 0, b1: 9, none: 0 },
    ],
    [
      'unless that weight is 0',
      podOf({ app: 'web' }),
      [podOf({}, { nodeName: 'b1', ...required('podAffinity', nearWeb) })],
      { hardPodAffinityWeight: 0 },
      undefined,
    ],
    [
      "existing pods' terms can be ignored",
      podOf({ app: 'web' }),
      [podOf({}, { nodeName: 'b1', ...preferred('podAffinity', 5, nearWeb) })],
      { ignorePreferredTermsOfExistingPods: true },
      undefined,
    ],
    [
      'but not for a pod with preferences of its own',
      podOf({ app: 'web' }, preferred('podAffinity', 1, term(HOST, app('no')))),
      [podOf({}, { nodeName: 'b1', ...preferred('podAffinity', 5, nearWeb) })],
      { ignorePreferredTermsOfExistingPods: true },
      { a1: 0, a2: 0, b1: 5, none: 0 },
    ],
    ['nothing matched: skipped', podOf({}, preferred('podAffinity', 7, nearWeb)), [], {}, undefined],
    [
      'a match on a node without the key is none',
      podOf({}, preferred('podAffinity', 7, nearWeb)),
      [podOf({ app: 'web' }, { nodeName: 'none' })],
      {},
      undefined,
    ],
    [
      'weights that cancel out are scored, not skipped',
      podOf(
        {},
        {
          affinity: {
            ...preferred('podAffinity', 7, nearWeb).affinity,
            ...preferred('podAntiAffinity', 7, nearWeb).affinity,
          },
        },
      ),
      [WEB_ON_A1],
      {},
      { a1: 0, a2: 0, b1: 0, none: 0 },
    ],
  ];
  test.each(rows)('%s', (_, pod, pods, args, raw) => {
    expect(probe(plugin(args), clusterOf(NODES, pods), pod).raw).toEqual(raw);
  });

  test('the range is stretched to 0..100 and cut to whole numbers', () => {
    const pod = podOf({}, preferred('podAffinity', 1, term(HOST, app('web'))));
    const pods = [1, 2, 3].map(() => WEB_ON_A1).concat(podOf({ app: 'web' }, { nodeName: 'b1' }));
    const unique = pods.map((each) => ({ ...each, metadata: { ...each.metadata } }));
    expect(probe(plugin(), clusterOf(NODES, unique), pod).normalized).toEqual({
      a1: 100,
      a2: 0,
      b1: 33,
      none: 0,
    });
  });
});

test.each([
  ['a weight above 100', { hardPodAffinityWeight: 101 }, 'not in valid range [0, 100]'],
  ['a weight below 0', { hardPodAffinityWeight: -1 }, 'not in valid range [0, 100]'],
  ['an unknown field', { hardWeight: 1 }, 'hardWeight'],
])('%s is refused', (_, args, message) => {
  expect(interPodAffinityArgs.safeParse(args).error?.message).toContain(message);
});
