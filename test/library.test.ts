import { expect, test } from 'vitest';
import { InputError, loadScenario, memoryFiles, simulate } from '../src/index.ts';

const SCENARIO = `
until: 10m
cluster:
  nodeGroups:
    - {name: pool, count: 2, allocatable: {cpu: "4", memory: 8Gi}}
workload:
  - manifests: [web.yaml]
`;

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "web:1", resources: {requests: {cpu: "3", memory: 1Gi}}}
`;

test('a scenario held in memory runs and says what fits and what does not', async () => {
  const files = memoryFiles({ 'scenario.yaml': SCENARIO, 'web.yaml': WEB });
  const scenario = await loadScenario('scenario.yaml', files);
  const { metrics, endUs, isPartial } = await simulate(scenario, files);
  expect(metrics.pods).toMatchObject({ nCreated: 3, nScheduled: 2, nPending: 1 });
  expect(metrics.pending[0]!.reason).toContain('0/2 nodes are available: 2 Insufficient cpu.');
  expect([endUs, isPartial]).toEqual([600_000_000, false]);
});

test('the same run gives the same hash, with metrics and without, in one slice or many', async () => {
  const files = memoryFiles({ 'scenario.yaml': SCENARIO, 'web.yaml': WEB });
  const scenario = await loadScenario('scenario.yaml', files);
  const first = await simulate(scenario, files);
  const second = await simulate(scenario, files, { recordsMetrics: false });
  expect(second.traceHash).toBe(first.traceHash);
  expect(first.nTransitions).toBeGreaterThan(6);
});

test('a run that is stopped says so and keeps what it knows', async () => {
  const files = memoryFiles({
    'scenario.yaml': `${SCENARIO}  - generator: batch
    arrivals: {process: poisson, rate: 1000/s}
    templates: [{name: t, cpu: 10m, memory: 1Mi, duration: 1s}]
`,
    'web.yaml': WEB,
  });
  const scenario = await loadScenario('scenario.yaml', files);
  const { isPartial, endUs, metrics } = await simulate(scenario, files, { onSlice: () => false });
  expect(isPartial).toBe(true);
  expect(endUs).toBeLessThan(600_000_000);
  expect(metrics.pods.nCreated).toBeGreaterThan(0);
});

test('every mistake is reported at once', async () => {
  const files = memoryFiles({ 'bad.yaml': 'cluster: {nodeGroup: []}\nuntil: soon\n' });
  const error = await loadScenario('bad.yaml', files).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).problems.length).toBeGreaterThanOrEqual(2);
});
