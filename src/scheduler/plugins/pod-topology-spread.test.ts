import { describe, expect, test } from 'vitest';
import type { KubeObject, Pod, TopologySpreadConstraint } from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { Profile } from '../framework/profile.ts';
import { tryBind, undoBind } from '../framework/schedule-pod.ts';
import { bindPod, clusterOf, cycleOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { podTopologySpreadArgs } from './pod-topology-spread.schema.ts';
import { podTopologySpread } from './pod-topology-spread.ts';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';
const SKEWED = "Unschedulable: node(s) didn't match pod topology spread constraints";
const NO_LABEL =
  "UnschedulableAndUnresolvable: node(s) didn't match pod topology spread constraints (missing required label)";

const plugin = (args: unknown = {}) => podTopologySpread(podTopologySpreadArgs.parse(args));
const node = (name: string, zone?: string, spec = {}) =>
  nodeOf(name, { [HOST]: name, ...(zone && { [ZONE]: zone }) }, spec);
const web = { matchLabels: { app: 'web' } };
const byZone = (more: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey: ZONE,
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: web,
  ...more,
});
const incoming = (...topologySpreadConstraints: TopologySpreadConstraint[]) =>
  podOf({ app: 'web' }, { topologySpreadConstraints });
const on = (nodeName: string, app = 'web', metadata: Partial<Pod['metadata']> = {}) =>
  podOf({ app }, { nodeName }, metadata);

const NODES = [node('a1', 'a'), node('b1', 'b'), node('a2', 'a'), node('c1', 'c'), node('none')];
const PODS = [on('a1'), on('a2'), on('b1'), on('b1', 'db'), on('none')];

describe('hard constraints', () => {
  const rows: [string, TopologySpreadConstraint, Partial<Pod['metadata']>, Record<string, string>][] = [
    [
      'zones above the emptiest by more than the skew are out',
      byZone(),
      {},
      { a1: SKEWED, a2: SKEWED, b1: SKEWED, none: NO_LABEL },
    ],
    ['a skew of 2 lets b in', byZone({ maxSkew: 2 }), {}, { a1: SKEWED, a2: SKEWED, none: NO_LABEL }],
    [
      'a pod that its own selector misses does not count itself',
      byZone(),
      { labels: {} },
      { a1: SKEWED, a2: SKEWED, none: NO_LABEL },
    ],
    [
      'with fewer domains than minDomains the minimum is 0',
      byZone({ minDomains: 4, maxSkew: 2 }),
      {},
      { a1: SKEWED, a2: SKEWED, none: NO_LABEL },
    ],
    ['an empty selector counts no pod', byZone({ labelSelector: {} }), {}, { none: NO_LABEL }],
    ['pods of other namespaces are not counted', byZone(), { namespace: 'other' }, { none: NO_LABEL }],
    [
      'matchLabelKeys narrow the selector to the pod',
      byZone({ matchLabelKeys: ['version', 'absent'] }),
      { labels: { app: 'web', version: '2' } },
      { none: NO_LABEL },
    ],
  ];
  test.each(rows)('%s', (_, constraint, metadata, failed) => {
    const pod = incoming(constraint);
    const { failed: got } = probe(plugin(), clusterOf(NODES, PODS), {
      ...pod,
      metadata: { ...pod.metadata, ...metadata },
    });
    expect(got).toEqual(failed);
  });

  test('a pod without hard constraints skips the filter', () => {
    const soft = incoming(byZone({ whenUnsatisfiable: 'ScheduleAnyway' }));
    expect(probe(plugin(), clusterOf(NODES, PODS), soft).skipsFilter).toBe(true);
  });

  test('a zone of nodes that the node selector excludes is no domain, and a taint excludes only when honored', () => {
    const nodes = [node('a1', 'a'), node('b1', 'b', { taints: [{ key: 'k', effect: 'NoSchedule' }] })];
    const cluster = clusterOf(nodes, [on('a1')]);
    const pod = (more: Partial<TopologySpreadConstraint>, nodeSelector = {}) =>
      podOf({ app: 'web' }, { topologySpreadConstraints: [byZone(more)], nodeSelector });
    expect(probe(plugin(), cluster, pod({})).failed).toEqual({ a1: SKEWED });
    expect(probe(plugin(), cluster, pod({ nodeTaintsPolicy: 'Honor' })).failed).toEqual({});
    expect(probe(plugin(), cluster, pod({}, { [ZONE]: 'a' })).failed).toEqual({});
    expect(probe(plugin(), cluster, pod({ nodeAffinityPolicy: 'Ignore' }, { [ZONE]: 'a' })).failed).toEqual({
      a1: SKEWED,
    });
  });

  test('with no included domain at all everything passes', () => {
    const pod = podOf(
      { app: 'web' },
      { topologySpreadConstraints: [byZone()], nodeSelector: { no: 'where' } },
    );
    expect(probe(plugin(), clusterOf(NODES, PODS), pod).failed).toEqual({ none: NO_LABEL });
  });

  test('a pod pinned to a node knows no other domain', () => {
    const cluster = clusterOf(NODES, PODS);
    const cycle = cycleOf(cluster, incoming(byZone()));
    const run = new FilterRun(new Profile({ schedulerName: 'test', plugins: [plugin()] }), {
      ...cycle,
      pod: { ...cycle.pod, pinnedNode: 'a1' },
    });
    expect(run.filter(cluster.nodes.find('a1'))).toBeUndefined();
  });
});

test('a terminating pod is not counted, but a trial removal takes it away all the same', () => {
  const cluster = clusterOf([node('a1', 'a'), node('b1', 'b')], [on('b1')]);
  const a1 = cluster.nodes.find('a1');
  const deleted = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  const terminating = [0, 1].map(() => bindPod(cluster, on('a1', 'web', deleted)));
  const profile = new Profile({ schedulerName: 'test', plugins: [plugin()] });
  const run = new FilterRun(profile, cycleOf(cluster, incoming(byZone({ maxSkew: 2 }))));
  const onB = () => run.filter(cluster.nodes.find('b1'))?.code;
  expect(onB()).toBeUndefined();
  for (const row of terminating) undoBind(run, row);
  // a stands at -2, b at 1
  expect(onB()).toBe('Unschedulable');
  for (const row of terminating) tryBind(run, row, a1);
  expect(onB()).toBeUndefined();
});

describe('scores', () => {
  const soft = (more: Partial<TopologySpreadConstraint> = {}) =>
    byZone({ whenUnsatisfiable: 'ScheduleAnyway', ...more });

  test('fewer pods in the zone are better, weighed by ln(zones + 2); nodes without the label get 0', () => {
    const { raw, normalized } = probe(plugin(), clusterOf(NODES, PODS), incoming(soft()));
    // 2, 1 and 0 pods times ln 5
    expect(raw).toEqual({ a1: 3, a2: 3, b1: 2, c1: 0, none: 0 });
    expect(normalized).toEqual({ a1: 0, a2: 0, b1: 33, c1: 100, none: 0 });
  });

  test('by host every node counts for itself, and maxSkew - 1 is added', () => {
    const { raw } = probe(
      plugin(),
      clusterOf(NODES, PODS),
      incoming(soft({ topologyKey: HOST, maxSkew: 3 })),
    );
    // 1 pod times ln 7, plus 2
    expect(raw).toEqual({ a1: 4, a2: 4, b1: 4, c1: 2, none: 4 });
  });

  test('when no feasible node holds a matching pod all get 100', () => {
    const { normalized } = probe(plugin(), clusterOf(NODES.slice(0, 2)), incoming(soft()));
    expect(normalized).toEqual({ a1: 100, b1: 100 });
  });

  test('the zones that weigh are those of feasible nodes, though pods on other nodes count', () => {
    const hardByRack = byZone({ topologyKey: 'rack', labelSelector: {} });
    const nodes = [
      nodeOf('a1', { rack: '1', [ZONE]: 'a' }),
      nodeOf('a2', { [ZONE]: 'a' }),
      nodeOf('b1', { [ZONE]: 'b' }),
    ];
    const cluster = clusterOf(nodes, [on('a2'), on('a2'), on('b1')]);
    const { raw } = probe(plugin(), cluster, incoming(hardByRack, soft()));
    expect(raw).toEqual({ a1: Math.round(2 * Math.log(3)) });
  });
});

describe('default constraints', () => {
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    ...{ spec: { selector: { app: 'web' } } },
  };
  const owned = (apiVersion: string, kind: string) =>
    podOf(
      { app: 'web' },
      {},
      { ownerReferences: [{ apiVersion, kind, name: 'owner', uid: 'u', controller: true }] },
    );
  const owner = (apiVersion: string, kind: string, selector: unknown): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: 'owner', namespace: 'default' },
    ...{ spec: { selector } },
  });

  test('a pod that no service and no controller selects has none', () => {
    expect(probe(plugin(), clusterOf(NODES, PODS), podOf({ app: 'web' })).raw).toBeUndefined();
  });

  test('the system defaults score nodes without a zone by host alone', () => {
    const { raw } = probe(plugin(), clusterOf(NODES, PODS, [service]), podOf({ app: 'web' }));
    // by host: n ln 7 + 2; by zone: n ln 6 + 4, the nodes without zone being a fourth domain
    const score = (host: number, zone: number) =>
      Math.round(host * Math.log(7) + 2 + (zone * Math.log(6) + 4));
    expect(raw).toEqual({
      a1: score(1, 2),
      a2: score(1, 2),
      b1: score(1, 1),
      c1: score(0, 0),
      none: Math.round(Math.log(7) + 2),
    });
  });

  test.each([
    ['v1', 'ReplicationController', { app: 'web' }],
    ['apps/v1', 'ReplicaSet', web],
    ['apps/v1', 'StatefulSet', web],
  ])('the selector comes from the controlling %s %s', (apiVersion, kind, selector) => {
    const cluster = clusterOf(NODES, PODS, [owner(apiVersion, kind, selector)]);
    const args = {
      defaultingType: 'List',
      defaultConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule' }],
    };
    const { failed } = probe(plugin(args), cluster, owned(apiVersion, kind));
    expect(failed).toEqual({ a1: SKEWED, a2: SKEWED, b1: SKEWED, none: NO_LABEL });
  });

  test('a service that comes or goes is heard of', () => {
    const cluster = clusterOf(NODES, PODS);
    const spread = plugin();
    const pod = podOf({ app: 'web' });
    expect(probe(spread, cluster, pod).raw).toBeUndefined();
    cluster.upsertObject(service);
    expect(probe(spread, cluster, pod).raw).toBeDefined();
    cluster.removeObject('Service', 'default', 'web');
    expect(probe(spread, cluster, pod).raw).toBeUndefined();
  });
});

describe('arguments', () => {
  const constraint = { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway' };
  test.each([
    ['default constraints with system defaulting', { defaultConstraints: [constraint] }, 'must be List'],
    [
      'a skew of 0',
      { defaultingType: 'List', defaultConstraints: [{ ...constraint, maxSkew: 0 }] },
      'not in valid range',
    ],
    [
      'a selector',
      { defaultingType: 'List', defaultConstraints: [{ ...constraint, labelSelector: {} }] },
      'must not define a selector',
    ],
    [
      'a constraint twice',
      { defaultingType: 'List', defaultConstraints: [constraint, constraint] },
      'duplicate',
    ],
    ['an unknown field', { defaultConstraint: [] }, 'defaultConstraint'],
  ])('%s is refused', (_, args, message) => {
    expect(podTopologySpreadArgs.safeParse(args).error?.message).toContain(message);
  });
});
