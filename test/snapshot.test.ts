// A snapshot of a running cluster goes on as it was: what controllers own stays theirs, and pods stay where they are.

import { describe, expect, it } from 'vitest';
import { loadScenario, memoryFiles, simulate } from '../src/index.ts';

const AMOUNTS = { cpu: '4', memory: '8Gi', pods: '110' };

const node = (name: string, ready = 'True') => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}`, labels: { 'kubernetes.io/hostname': name } },
  status: { allocatable: AMOUNTS, capacity: AMOUNTS, conditions: [{ type: 'Ready', status: ready }] },
});

const owner = (apiVersion: string, kind: string, name: string) => ({
  ownerReferences: [
    { apiVersion, kind, name, uid: `uid-${kind}-${name}`, controller: true, blockOwnerDeletion: true },
  ],
});

const meta = (kind: string, name: string, more: object = {}) => ({
  name,
  namespace: 'shop',
  uid: `uid-${kind}-${name}`,
  resourceVersion: '77',
  creationTimestamp: '2025-01-01T00:00:00Z',
  ...more,
});

const SPEC = {
  containers: [
    {
      name: 'c',
      image: 'i:1',
      resources: { requests: { cpu: '1', memory: '1Gi' } },
      readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: 30 },
    },
  ],
};

/** As the API server prints it: with a token volume of its own and a revision that only the real controller knows. */
const pod = (name: string, nodeName: string, labels: object, owned: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta('Pod', name, { labels, ...owned }),
  spec: {
    nodeName,
    volumes: [{ name: `kube-api-access-${name}`, projected: { sources: [] } }],
    containers: [
      {
        ...SPEC.containers[0],
        volumeMounts: [{ name: `kube-api-access-${name}`, mountPath: '/var/run/secrets', readOnly: true }],
      },
    ],
  },
  status: { phase: 'Running' },
});

const workload = (kind: string, name: string, spec: object, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: meta(kind, name, more),
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: SPEC },
    ...spec,
  },
});

const hashed = { app: 'web', 'pod-template-hash': 'abc' };
const revision = { annotations: { 'deployment.kubernetes.io/revision': '3' } };

// Pods come before their owners, as in the order of an alphabet.
const ITEMS = [
  ...[0, 1, 2].map((i) => pod(`web-abc-${i}`, 'n1', hashed, owner('apps/v1', 'ReplicaSet', 'web-abc'))),
  ...[0, 1].map((i) =>
    pod(
      `db-${i}`,
      'n2',
      { app: 'db', 'controller-revision-hash': 'db-6f9', 'statefulset.kubernetes.io/pod-name': `db-${i}` },
      owner('apps/v1', 'StatefulSet', 'db'),
    ),
  ),
  ...['n1', 'n2'].map((name) =>
    pod(
      `agent-${name}`,
      name,
      { app: 'agent', 'controller-revision-hash': '7d4' },
      owner('apps/v1', 'DaemonSet', 'agent'),
    ),
  ),
  workload(
    'ReplicaSet',
    'web-abc',
    {
      replicas: 3,
      selector: { matchLabels: hashed },
      template: { metadata: { labels: hashed }, spec: SPEC },
    },
    { labels: hashed, ...revision, ...owner('apps/v1', 'Deployment', 'web') },
  ),
  workload('Deployment', 'web', { replicas: 3 }, revision),
  workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }),
  workload('DaemonSet', 'agent', {}),
  node('n1'),
  node('n2'),
];

async function run(timeline = '[]', items: readonly object[] = ITEMS) {
  const files = memoryFiles({
    's.yaml': `until: 20m\ncluster: {snapshot: [now.json]}\ntimeline: ${timeline}\n`,
    'now.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
  return simulate(await loadScenario('s.yaml', files), files);
}

describe('a snapshot', () => {
  it('goes on as it was: no pod comes, goes or moves', async () => {
    const { metrics } = await run();
    expect(metrics.pods).toMatchObject({ nCreated: 7, nRunning: 7, nDeleted: 0, nPending: 0 });
    expect([...metrics.nodes.nPods]).toEqual([4, 3]);
  });

  it('runs on: nothing is pulled, started or rolled out, no replica was ever missing', async () => {
    const { metrics } = await run();
    expect(metrics.latency).toEqual([]);
    expect(metrics.workloads).toMatchObject({ nRollouts: 0, nDisruptions: 0, missedReplicaUs: 0 });
    const [cluster] = metrics.pools;
    expect(cluster?.resources.find(({ resource }) => resource === 'cpu')?.usedMeanRatio).toBeCloseTo(7 / 8);
  });

  it('starts what did not run then: a container that waits, a pod without a node', async () => {
    const items = ITEMS.map((item) =>
      item.metadata.name === 'db-0'
        ? {
            ...item,
            status: { phase: 'Running', containerStatuses: [{ name: 'c', state: { waiting: {} } }] },
          }
        : item,
    );
    const { metrics } = await run('[]', items);
    const start = metrics.latency.find(({ phase, className }) => phase === 'start' && className === '');
    expect(start?.n).toBe(1);
  });

  it('obeys its controllers: scaling down takes its pods, scaling up adds to them', async () => {
    const { metrics } = await run(
      '[{at: 1m, scale: {kind: deploy, name: web, namespace: shop, replicas: 1}}, {at: 5m, scale: {kind: sts, name: db, namespace: shop, replicas: 3}}]',
    );
    expect(metrics.pods).toMatchObject({ nCreated: 8, nRunning: 6, nDeleted: 2 });
  });

  it('rolls out a new image over the pods that were there', async () => {
    const { metrics } = await run(
      '[{at: 1m, setImage: {kind: ds, name: agent, namespace: shop, images: {c: "i:2"}}}]',
    );
    expect(metrics.pods).toMatchObject({ nCreated: 9, nRunning: 7, nDeleted: 2 });
  });

  it('leaves a node without its kubelet that had none, until somebody starts it', async () => {
    const items = [...ITEMS.filter(({ metadata }) => metadata.name !== 'n2'), node('n2', 'Unknown')];
    const start = '[{at: 10m, startKubelet: n2}]';
    const [lost, found] = [await run('[]', items), await run(start, items)];
    expect(lost.metrics.evictions).toEqual({ DeletionByTaintManager: 3 });
    expect(lost.metrics.pods).toMatchObject({ nDeleted: 0 });
    expect(found.metrics.pods).toMatchObject({ nDeleted: 3, nRunning: 7 });
  });

  it('keeps pods as they were admitted, whatever would be said of them now', async () => {
    const items = ITEMS.map((item) =>
      item.kind === 'Pod' && 'spec' in item ? { ...item, spec: { ...item.spec, priority: 7 } } : item,
    );
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: meta('ResourceQuota', 'small'),
      spec: { hard: { pods: '2' } },
    };
    const { metrics } = await run('[]', [...items, quota]);
    expect(metrics.pods).toMatchObject({ nCreated: 7, nRunning: 7, nDeleted: 0 });
  });
});
