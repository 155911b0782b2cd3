import { describe, expect, test } from 'vitest';
import { Cluster } from '../../../cluster/cluster.ts';
import type { Container, KubeObject, Node, Pod, ResourceList } from '../../../kube/types.ts';
import { FilterRun } from '../../framework/filter-run.ts';
import { type AnyPlugin, Profile } from '../../framework/profile.ts';
import { tryBind, undoBind } from '../../framework/schedule-pod.ts';
import { bindPod, clusterOf, cycleOf, nodeOf, podOf, probe } from '../../testing/plugin-probe.ts';
import { CLASSIC_REQUESTS } from '../release.ts';
import { evenPodsSpread } from './even-pods-spread.ts';
import { generalPredicates } from './general-predicates.ts';
import { matchInterPodAffinity } from './match-inter-pod-affinity.ts';
import { checkNodeCondition } from './node-conditions.ts';
import { hostName, matchNodeSelector } from './node-matching.ts';
import { insufficientResources, podFitsResources } from './pod-fits-resources.ts';
import { checkServiceAffinity } from './service-affinity.ts';
import { checkVolumeBinding } from './volume-binding.ts';

const ZONE = 'zone';
const node = (name: string, zone?: string) => nodeOf(name, zone === undefined ? {} : { [ZONE]: zone });
const big = (name: string, allocatable: ResourceList): Node => ({ ...nodeOf(name), status: { allocatable } });
const asking = (...requests: ResourceList[]): Partial<Pod['spec']> => ({
  containers: requests.map(
    (list, i): Container => ({ name: `c${i}`, image: 'i', resources: { requests: list } }),
  ),
});
const on = (nodeName: string, labels: Record<string, string>, spec: Partial<Pod['spec']> = {}) =>
  podOf(labels, { ...spec, nodeName });

describe('PodFitsResources', () => {
  const nodes = [big('n', { cpu: '4', memory: '1Gi', pods: '10' })];

  test('a pod that asks for cpu alone fails where memory is over-committed', () => {
    const cluster = clusterOf(nodes, [on('n', {}, asking({ memory: '2Gi' }))]);
    expect(probe(podFitsResources(), cluster, podOf({}, asking({ cpu: '1' }))).failed).toEqual({
      n: 'Unschedulable: Insufficient memory',
    });
  });

  test('a pod that asks for nothing fits there', () => {
    const cluster = clusterOf(nodes, [on('n', {}, asking({ memory: '2Gi' }))]);
    expect(probe(podFitsResources(), cluster, podOf({})).failed).toEqual({});
  });

  test('fractions are rounded up container by container', () => {
    const cluster = new Cluster(CLASSIC_REQUESTS);
    cluster.addNode(big('n', { cpu: '201m', memory: '1Gi', pods: '10' }));
    const pod = podOf({}, asking({ cpu: '100100u' }, { cpu: '100100u' }));
    expect(insufficientResources(cluster.classes.ofPod(pod), 0, cluster)).toEqual([
      { resource: 'cpu', requested: 202, used: 0, capacity: 201 },
    ]);
  });
});

describe('GeneralPredicates', () => {
  test('tells the reasons of all its parts', () => {
    const pod = podOf({}, { ...asking({ cpu: '1' }), nodeSelector: { gpu: 'yes' } });
    expect(probe(generalPredicates(), clusterOf([node('n')]), pod).failed).toEqual({
      n: "UnschedulableAndUnresolvable: Insufficient pods, Insufficient cpu, node(s) didn't match node selector",
    });
  });
});

describe('node names and selectors', () => {
  test('a pod that names its node is refused elsewhere, by every node', () => {
    const pod = podOf({}, { nodeName: 'b' });
    expect(probe(hostName(), clusterOf([node('a'), node('b')]), pod).failed).toEqual({
      a: "UnschedulableAndUnresolvable: node(s) didn't match the requested hostname",
    });
  });

  test('terms that contradict each other match no node', () => {
    const term = (name: string) => ({ key: 'metadata.name', operator: 'In' as const, values: [name] });
    const pod = podOf(
      {},
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [term('a'), term('b')] }],
            },
          },
        },
      },
    );
    expect(probe(matchNodeSelector(), clusterOf([node('a'), node('b')]), pod).failed).toEqual({
      a: "UnschedulableAndUnresolvable: node(s) didn't match node selector",
      b: "UnschedulableAndUnresolvable: node(s) didn't match node selector",
    });
  });
});

describe('CheckNodeCondition', () => {
  const withConditions = (...conditions: [string, string][]): Node => ({
    ...nodeOf('n', {}, { unschedulable: true }),
    status: { conditions: conditions.map(([type, status]) => ({ type, status }) as never) },
  });
  test.each([
    ['an unknown readiness', [['Ready', 'Unknown']], 'node(s) were not ready, node(s) were unschedulable'],
    ['nothing but the cordon', [], 'node(s) were unschedulable'],
    [
      'what comes first in the list first',
      [
        ['NetworkUnavailable', 'True'],
        ['Ready', 'False'],
      ],
      'node(s) had unavailable network, node(s) were not ready, node(s) were unschedulable',
    ],
  ] as [string, [string, string][], string][])('tells %s', (_, conditions, reasons) => {
    const { failed } = probe(checkNodeCondition(), clusterOf([withConditions(...conditions)]), podOf({}));
    expect(failed.n).toBe(`UnschedulableAndUnresolvable: ${reasons}`);
  });
});

const near = (app: string) => ({ labelSelector: { matchLabels: { app } }, topologyKey: ZONE });
const affinity = (app: string): Partial<Pod['spec']> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near(app)] } },
});
const antiAffinity = (app: string): Partial<Pod['spec']> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near(app)] } },
});
const EITHER = "node(s) didn't match pod affinity/anti-affinity";

describe('MatchInterPodAffinity', () => {
  const NODES = [node('a', 'a'), node('b', 'b'), node('none')];

  test('the first pod of a group may go even where the topology key is missing', () => {
    expect(
      probe(matchInterPodAffinity(), clusterOf(NODES), podOf({ app: 'x' }, affinity('x'))).failed,
    ).toEqual({});
  });

  test('the second goes where the first is', () => {
    const cluster = clusterOf(NODES, [on('a', { app: 'x' })]);
    const reason = `UnschedulableAndUnresolvable: ${EITHER}, node(s) didn't match pod affinity rules`;
    expect(probe(matchInterPodAffinity(), cluster, podOf({ app: 'x' }, affinity('x'))).failed).toEqual({
      b: reason,
      none: reason,
    });
  });

  test("existing pods' anti-affinity is told before the pod's own terms", () => {
    const cluster = clusterOf(NODES, [on('a', { app: 'y' }, antiAffinity('x'))]);
    const { failed } = probe(matchInterPodAffinity(), cluster, podOf({ app: 'x' }, affinity('y')));
    expect(failed.a).toBe(
      `Unschedulable: ${EITHER}, node(s) didn't satisfy existing pods anti-affinity rules`,
    );
  });
});

const spread = (maxSkew = 1): Partial<Pod['spec']> => ({
  topologySpreadConstraints: [
    {
      maxSkew,
      topologyKey: ZONE,
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'x' } },
    },
  ],
});
const UNEVEN = "Unschedulable: node(s) didn't match pod topology spread constraints";

describe('EvenPodsSpread', () => {
  test('a fuller domain and a node without the key fail', () => {
    const cluster = clusterOf([node('a', 'a'), node('b', 'b'), node('none')], [on('a', { app: 'x' })]);
    expect(probe(evenPodsSpread(), cluster, podOf({ app: 'x' }, spread())).failed).toEqual({
      a: UNEVEN,
      none: UNEVEN,
    });
  });

  test('where no node has the key every node passes', () => {
    expect(probe(evenPodsSpread(), clusterOf([node('none')]), podOf({ app: 'x' }, spread())).failed).toEqual(
      {},
    );
  });

  test('terminating pods count', () => {
    const leaving = { ...on('a', { app: 'x' }) };
    const pod = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const cluster = clusterOf([node('a', 'a'), node('b', 'b')], [pod]);
    expect(probe(evenPodsSpread(), cluster, podOf({ app: 'x' }, spread())).failed).toEqual({ a: UNEVEN });
  });
});

describe('CheckServiceAffinity', () => {
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's', namespace: 'default' },
    ...{ spec: { selector: { app: 'x' } } },
  };
  const NODES = [node('a', 'a'), node('b', 'b'), node('a2', 'a')];
  const VIOLATED = "Unschedulable: node(s) didn't match service affinity";
  const plugin = checkServiceAffinity('CheckServiceAffinity', [ZONE]);

  test("the service's first pod decides for the others", () => {
    const cluster = clusterOf(NODES, [on('b', { app: 'x' }), on('a', { app: 'x' })], [service]);
    expect(probe(plugin, cluster, podOf({ app: 'x' })).failed).toEqual({ a: VIOLATED, a2: VIOLATED });
  });

  test("the pod's own node selector comes before it", () => {
    const cluster = clusterOf(NODES, [on('b', { app: 'x' })], [service]);
    const pod = podOf({ app: 'x' }, { nodeSelector: { [ZONE]: 'a' } });
    expect(probe(plugin, cluster, pod).failed).toEqual({ b: VIOLATED });
  });

  test('without a service every node will do', () => {
    expect(probe(plugin, clusterOf(NODES, [on('b', { app: 'x' })]), podOf({ app: 'x' })).failed).toEqual({});
  });
});

describe('CheckVolumeBinding', () => {
  test('a missing claim fails the attempt, by way of the first node that gets this far', () => {
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'gone' } }];
    const { failed } = probe(checkVolumeBinding(), clusterOf([node('a')]), podOf({}, { volumes }));
    expect(failed.a).toMatch(/^Error: /);
  });
});

describe('pods that come and go on trial', () => {
  const rows: [string, AnyPlugin, Pod, Pod][] = [
    ['EvenPodsSpread', evenPodsSpread(), podOf({ app: 'x' }, spread()), on('a', { app: 'x' })],
    [
      'MatchInterPodAffinity',
      matchInterPodAffinity(),
      podOf({ app: 'x' }),
      on('a', { app: 'y' }, antiAffinity('x')),
    ],
    [
      'MatchInterPodAffinity of a group',
      matchInterPodAffinity(),
      podOf({ app: 'x' }, affinity('x')),
      on('a', { app: 'x' }),
    ],
  ];
  test.each(rows)('%s: states follow', (_, plugin, incoming, existing) => {
    const cluster = clusterOf([node('a', 'a'), node('b', 'b')]);
    const profile = new Profile({ schedulerName: 'test', plugins: [plugin] });
    const answers = (run: FilterRun) => [0, 1].map((row) => run.filter(row)?.reasons.join());
    const run = new FilterRun(profile, cycleOf(cluster, incoming));
    const alone = answers(run);
    const row = bindPod(cluster, existing);
    const beside = answers(new FilterRun(profile, cycleOf(cluster, incoming)));
    expect(beside).not.toEqual(alone);
    const later = new FilterRun(profile, cycleOf(cluster, incoming));
    undoBind(later, row);
    expect(answers(later)).toEqual(alone);
    tryBind(later, row, 0);
    expect(answers(later)).toEqual(beside);
  });
});

describe('alwaysCheckAllPredicates', () => {
  const cluster = clusterOf([node('n')]);
  const pod = podOf({}, { ...asking({ cpu: '1' }), nodeSelector: { gpu: 'yes' } });
  const reasonsOf = (checksAllFilters: boolean) => {
    const plugins = [podFitsResources(), matchNodeSelector()];
    const profile = new Profile({ schedulerName: 'test', plugins, checksAllFilters });
    return new FilterRun(profile, cycleOf(cluster, pod)).filter(0)?.reasons;
  };

  test('without it the first predicate that fails ends it', () => {
    expect(reasonsOf(false)).toEqual(['Insufficient pods', 'Insufficient cpu']);
  });

  test('with it all reasons are told', () => {
    expect(reasonsOf(true)).toEqual([
      'Insufficient pods',
      'Insufficient cpu',
      "node(s) didn't match node selector",
    ]);
  });
});
