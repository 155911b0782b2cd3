// A tiny run by hand, and every file and line that comes of it. The figures in golden/ were worked out by hand; change
// them only together with the meaning of a column.

import { expect, it } from 'vitest';
import type { KubeObject } from '../kube/types.ts';
import { nodeOf, Scene, SECOND, shapeOf } from '../metrics/testing/lives.ts';
import { resultFiles, streamTables } from './result-files.ts';
import type { RunIdentity, RunReport } from './run-report.ts';
import { renderSummary } from './summary.ts';

const NO_ROOM = '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).';

const pool = (name: string, price: string) => ({
  labels: { 'wavetank.io/node-group': name, 'topology.kubernetes.io/zone': 'z1' },
  annotations: { 'wavetank.io/price-per-hour': price },
});

function deployment(status: Readonly<Record<string, number>>): KubeObject {
  const metadata = { name: 'web', namespace: 'shop', uid: 'web', generation: 1 };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2 }, status } as KubeObject;
}

/** One minute: a Deployment of two whose node goes away, a job, and a pod that is too large. */
function play(scene: Scene): void {
  const web = { ...shapeOf({ cpu: '1', memory: '2Gi' }), namespace: 'shop' };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'web-1', controller: true };
  const small = nodeOf('small-0', '2', pool('small', '0.6'));
  scene.object(0, undefined, small);
  scene.object(0, undefined, nodeOf('large-0', '8', pool('large', '1.2')));
  const first = scene.object(0, undefined, deployment({}));
  const replicaSet = {
    name: 'web-1',
    uid: 'web-1',
    ownerReferences: [{ ...owner, kind: 'Deployment', uid: 'web' }],
  };
  scene.object(0, undefined, { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: replicaSet });
  const pods = ['web-1-a', 'web-1-b'] as const;
  for (const name of pods) scene.create(1, name, web, { owner });
  for (const name of pods) scene.queue(1, name);
  scene.bind(2, 'web-1-a', 'small-0');
  scene.bind(2, 'web-1-b', 'large-0');
  for (const name of pods) scene.run(4, name, false);
  for (const name of pods) scene.ready(5, name, true);
  const counts = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  scene.object(6, first, deployment({ ...counts, observedGeneration: 1 }));
  const job = shapeOf({ cpu: '4' });
  scene.create(10, 'job', job, { group: 'batch' });
  scene.queue(10, 'job');
  scene.bind(10.005, 'job', 'large-0');
  scene.run(12, 'job');
  scene.create(15, 'huge', shapeOf({ cpu: '100' }));
  scene.queue(15, 'huge');
  scene.refuse(15.001, 'huge', NO_ROOM);
  scene.object(30, small, undefined);
  scene.change(30, 'web-1-a', (draft) => {
    draft.disruption = 'DeletionByPodGC';
    draft.deletionUs = 30 * SECOND;
  });
  scene.remove(31, 'web-1-a');
  scene.create(31, 'web-1-c', web, { owner });
  scene.queue(31, 'web-1-c');
  scene.bind(32, 'web-1-c', 'large-0');
  scene.run(34, 'web-1-c', false);
  scene.ready(35, 'web-1-c', true);
  scene.end(42, 'job', 'Succeeded');
}

const IDENTITY: RunIdentity = {
  version: '0.0.0',
  engine: 'node v0',
  scenario: 'tiny',
  file: 'tiny.yaml',
  digest: '0123456789abcdef',
  seed: 1,
  replication: 0,
  overrides: { until: '1m' },
  traceHash: 'fedcba9876543210',
  nTransitions: 30,
  endUs: 60 * SECOND,
  isPartial: false,
};
const API = {
  requests: new Map([
    ['update status Deployment', 3],
    ['create Pod', 5],
    ['patch Pod/status', 9],
  ]),
  failures: new Map([['update status Deployment 409', 1]]),
  etcdWrites: 16,
  etcdBytes: 24_000,
  etcdBytesWritten: 32_000,
  watchEvents: 50,
};

function run(): { files: Map<string, string>; report: RunReport } {
  const files = new Map<string, string>();
  const append = (file: string, piece: Uint8Array) =>
    files.set(file, (files.get(file) ?? '') + Buffer.from(piece).toString());
  const tables = streamTables((file) => (piece) => append(file, piece), { events: true });
  const scene = new Scene({ sinks: tables.sinks, sampleEveryUs: 20 * SECOND });
  play(scene);
  const metrics = scene.recorder.finish(60 * SECOND, API);
  tables.flush();
  const report: RunReport = {
    name: 'tiny',
    metrics,
    ignored: new Map([['NetworkPolicy', 2]]),
    nHooks: 1,
    refusals: [{ atUs: 30 * SECOND, place: 'tiny.yaml:9:3', action: 'drain', reason: 'no such node' }],
    nSkippedRows: 3,
    missing: ['The snapshot lacks Job a/b (1 pod): nothing replaces these pods when they go.'],
    notModelled: ['Limits of network bandwidth.'],
    isPartial: false,
  };
  for (const { file, text } of resultFiles(report, IDENTITY)) files.set(file, text);
  return { files, report };
}

const { files, report } = run();

it.each([
  'pods.csv',
  'nodes.csv',
  'utilization.csv',
  'latency.csv',
  'workloads.csv',
  'replicas.csv',
  'events.csv',
  'api.csv',
  'queues.csv',
  'summary.json',
  'run.json',
])('%s of the tiny run', async (file) => {
  await expect(files.get(file)).toMatchFileSnapshot(`golden/${file}.txt`);
});

it('writes no other file', () => {
  expect(files.size).toBe(11);
});

it('the summary of the tiny run', async () => {
  const timing = { wallSeconds: 0.5, cpuSeconds: 0.4, nEvents: 100, rssBytesMax: 1e8 };
  await expect(`${renderSummary(report, { timing }).join('\n')}\n`).toMatchFileSnapshot('golden/summary.txt');
});

it('a partial run says so', () => {
  expect(renderSummary({ ...report, isPartial: true })[0]).toBe(
    'tiny · 1m simulated · stopped before the end',
  );
});

it('paints what needs attention, and nothing without a painter', () => {
  const mark = (name: string) => (text: string) => `<${name}>${text}</>`;
  const painter = { bold: mark('b'), dim: mark('d'), green: mark('g'), yellow: mark('y'), red: mark('r') };
  const painted = renderSummary(report, { painter }).join('\n');
  expect(painted).toContain('<y>1 pending</>');
  expect(painted).toContain('<g>met</>');
  expect(painted.replaceAll(/<\/?[a-z]?>/g, '')).toBe(renderSummary(report).join('\n'));
});

it('the narrowest terminal gets the same words', () => {
  const words = (width: number) =>
    renderSummary(report, { width })
      .join(' ')
      .split(/[\s·]+/)
      .join(' ');
  expect(words(100).replaceAll(/ of [\d.]+ (cores|GiB)| of 110/g, '')).toBe(words(60));
});

it('tells of twenty refusals and counts the others', () => {
  const refusals = Array.from({ length: 1025 }, () => report.refusals[0]!);
  const lines = renderSummary({ ...report, refusals });
  expect(lines.filter((line) => line.includes('no such node'))).toHaveLength(20);
  expect(lines).toContain('             and 1,005 more: see summary.json');
});
