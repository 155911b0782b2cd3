// Plans over nodes in a given order, through the command line.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, removeCli, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const run = (...args: string[]) => cli(args, { cwd: folder.path });

const OPENB_NODES = `sn,cpu_milli,memory_mib,gpu,model
n0,8000,8192,0,
n1,8000,8192,1,T4
n2,8000,8192,2,T4
n3,8000,8192,2,G2
n4,8000,8192,2,G2
`;

/** Shares of a GPU in milli; each pod lives ten seconds. */
const openbPods = (...shares: number[]) =>
  [
    'name,cpu_milli,memory_mib,num_gpu,gpu_milli,creation_time,deletion_time,scheduled_time',
    ...shares.map((milli, i) => `p${i},1000,1024,1,${milli},${i * 5},${i * 5 + 10},${i * 5}`),
  ].join('\n');

const openb = (trace: string, more = '') => `
model: {controlPlane: instant}
cluster: {}
workload:
  - {trace: openb, pods: pods.csv, nodes: nodes.csv, ${trace}}
plan:
  prefix: true${more}
`;

async function planned(scenario: string): Promise<string> {
  folder.write('plan.yaml', scenario);
  const { code, stdout, stderr } = await run('plan', 'plan.yaml', '--jobs', '1');
  expect([code, stderr.replaceAll(/^.*runs? made.*\n/gm, '')]).toEqual([0, '']);
  return stdout;
}

const node = (name: string, cpu: number) => `
apiVersion: v1
kind: Node
metadata: {name: ${name}}
status: {allocatable: {cpu: ${cpu}, memory: 8Gi, pods: 10}}
---`;
const bound = (name: string, on: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {nodeName: ${on}, containers: [{name: c, image: i, resources: {requests: {cpu: 1}}}]}
status: {phase: Running}
---`;

describe('wavetank plan with a prefix', () => {
  it('knows that shares of more than half a GPU lie alone: five need five GPUs', async () => {
    folder.write('nodes.csv', OPENB_NODES);
    folder.write('pods.csv', openbPods(600, 600, 600, 600, 600));
    const stdout = await planned(openb('interval: 1s'));
    expect(stdout).toContain('5 pods that stay, 5 nodes in the list');
    expect(stdout).toContain('Prefix    the first 4 of 5 nodes');
    expect(stdout).toContain('Bound     4 by linear relaxation');
    expect(stdout).toContain('one node less misses pods.pending <= 0 (2)');
    expect(folder.read('results/plan/prefixes.csv')).toContain('\nown,4,4,yes,yes,\n');

    const again = await run('run', 'results/plan/scenario.yaml');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 pending')]);
    expect(again.stdout).toContain('Nodes        4 in');
  });

  it('says at once how many fit where all nodes are too few, and how many nodes do as well', async () => {
    folder.write('nodes.csv', OPENB_NODES);
    folder.write('pods.csv', openbPods(...Array.from({ length: 9 }, () => 700)));
    const stdout = await planned(openb('interval: 1s'));
    expect(stdout).toContain('the whole list misses pods.pending <= 0 (2)');
    expect(stdout).toContain('no scheduler places more than 7 of 9 pods on it: of GPUs');
    expect(stdout).toContain('Prefix    the first 5 of 5 nodes do as well as all of them');
    expect(folder.list('results/plan')).not.toContain('scenario.yaml');
  });

  it('bounds pods that come and go by their peak where nobody may wait', async () => {
    folder.write('nodes.csv', OPENB_NODES);
    folder.write('pods.csv', openbPods(1000, 1000, 1000, 1000));
    const peak = await planned(openb('departures: true', '\n  objectives: [queue.unschedulable.max <= 0]'));
    expect(peak).toContain('Prefix    the first 3 of 5 nodes');
    expect(peak).toContain('Bound     3 by');
    expect(peak).toContain('4 pods that end by themselves are judged; the bound knows their peaks');
    expect(await planned(openb('departures: true'))).toContain('Bound     0 by');
  });

  it('takes the nodes of a snapshot from its start: pods of the others wait or are made anew', async () => {
    folder.write(
      'cluster.yaml',
      [
        node('a', 3),
        node('b', 2),
        node('c', 2),
        bound('one', 'b'),
        bound('two', 'c'),
        bound('three', 'c'),
      ].join('\n'),
    );
    const stdout = await planned(
      'model: {controlPlane: instant}\ncluster: {snapshot: [cluster.yaml]}\nplan: {prefix: true}\n',
    );
    expect(stdout).toContain('Prefix    the first 1 of 3 nodes');
    const again = await run('run', 'results/plan/scenario.yaml');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 pending')]);
    expect(again.stdout).toContain('3 running');
  });

  it.each([
    ['prefix: true', 'there is no list of nodes'],
    [
      'prefix: true\n  instanceTypes: [m5.large]',
      'either the first of those listed (prefix), or those of pools',
    ],
  ])('refuses %j for pods alone', async (plan, message) => {
    folder.write('pod.yaml', bound('x', 'gone').replace('nodeName: gone, ', ''));
    folder.write('plan.yaml', `cluster: {}\nworkload: [{manifests: [pod.yaml]}]\nplan:\n  ${plan}\n`);
    const { code, stderr } = await run('plan', 'plan.yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
