// The scenarios of the cluster autoscaler's scalability report (kubernetes/autoscaler, cluster-autoscaler/proposals/
// scalability_tests.md) without an autoscaler: the nodes that it was to end with are what a plan finds. 30 pods a node,
// as there; a tenth of its 1,000 nodes, or all of them with --long.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, removeCli, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const N = process.env.WAVETANK_LONG ? 1000 : 100;
const CPU_MILLI = 3000;

const pods = (name: string, replicas: number, share: number, ports = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${Math.round(replicas)}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: ${Math.floor(share * CPU_MILLI)}m}}${ports}}]}
---`;
const HOST_PORT = ', ports: [{containerPort: 80, hostPort: 80}]';

/** Nodes of the cheapest cluster that is found. */
async function nNodesFor(app: string, min: number, more = ''): Promise<number> {
  folder.write('app.yaml', app);
  folder.write(
    'plan.yaml',
    `
model: {controlPlane: instant}
cluster: {}
workload: [{manifests: [app.yaml]}]
plan:
  pools: [{name: n, allocatable: {cpu: ${CPU_MILLI}m, memory: 64Gi}, pricePerHour: 1, min: ${min}, max: ${2 * N}}]
${more}`,
  );
  const { code } = await cli(['plan', 'plan.yaml', '--quiet', '--no-most-allocated'], { cwd: folder.path });
  expect(code).toBe(0);
  return Number(folder.read('results/plan/plan.csv').split('\n')[1]!.split(',')[4]);
}

const FULL_NODE = pods('first', 2, 1 / 2);

describe('what the autoscaler was to come to', () => {
  it.each([
    ['1: one full node, then 30,000 pods: 1,000 nodes', FULL_NODE + pods('load', 30 * (N - 1), 1 / 30), 1, N],
    [
      '2: of which 21,000 are there at first: 700 nodes',
      FULL_NODE + pods('load', 30 * (0.7 * N - 1), 1 / 30),
      1,
      0.7 * N,
    ],
    ['3: 700 nodes of 70 %, 300 empty: these go', pods('load', 0.7 * N, 0.7), 0, 0.7 * N],
    [
      '4: 300 nodes of 30 %, 700 of 70 %, and at least 970 must stay: 30 go',
      pods('load', 52 * N, 0.58 / 52),
      0.97 * N,
      0.97 * N,
    ],
    [
      '5: 300 nodes of 30 % whose pods have the host port of the others: none goes',
      pods('large', 0.7 * N, 0.9, HOST_PORT) + pods('small', 0.3 * N, 0.3, HOST_PORT),
      0,
      N,
    ],
  ])('%s', async (_, app, min, expected) => {
    expect(await nNodesFor(app, Math.round(min))).toBe(Math.round(expected));
  });

  it('2: and 9,000 more after 90 seconds: 1,000 nodes', async () => {
    const later = `timeline: [{at: 90s, scale: {kind: Deployment, name: load, replicas: ${30 * (N - 1)}}}]\n`;
    const app = FULL_NODE + pods('load', 30 * (0.7 * N - 1), 1 / 30);
    expect(await nNodesFor(app, 1, later)).toBe(N);
  });

  it('6: 1,000 pods that nothing holds do not keep 30,000 others from 1,000 nodes', async () => {
    folder.write('app.yaml', pods('huge', N, 2) + pods('load', 30 * N, 1 / 30));
    folder.write(
      's.yaml',
      `
until: 10m
model: {controlPlane: instant}
cluster: {nodeGroups: [{name: n, count: ${N}, allocatable: {cpu: ${CPU_MILLI}m, memory: 64Gi}}]}
workload: [{manifests: [app.yaml]}]
`,
    );
    await cli(['replicate', 's.yaml', '--replications', '1', '--quiet', '--jobs', '1'], { cwd: folder.path });
    const [head, row] = folder.read('results/s-replicate/runs.csv').split('\n');
    const value = (metric: string) => Number(row!.split(',')[head!.split(',').indexOf(metric)]);
    expect([value('pods.running'), value('pods.pending')]).toEqual([30 * N, N]);
  });
});
