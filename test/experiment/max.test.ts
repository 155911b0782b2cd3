// How much more fits a cluster, through the command line.
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

const deployment = (name: string, replicas: number, cpu: string, memory: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: ${cpu}, memory: ${memory}}}}]}
---`;
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m, memory: 100Mi}}}]}
---`;

describe('wavetank max --scale copies --each', () => {
  it('says how many copies of all fit, and how many more pods of each alone', async () => {
    // 4 CPUs a node. Bare pods come first, spread evenly: with 31 of them no node has 1 CPU left for the memory pod.
    folder.write(
      'app.yaml',
      deployment('cpu', 2, '500m', '512Mi') + deployment('memory', 1, '1', '2Gi') + POD,
    );
    folder.write(
      's.yaml',
      'model: {controlPlane: instant}\nuntil: 1m\ncluster: {nodeGroups: [{name: a, count: 3, allocatable: {cpu: 4, memory: 8Gi}}]}\nworkload: [{manifests: [app.yaml]}]\n',
    );
    const { code, stdout } = await run('max', 's.yaml', '--scale', 'copies', '--each', '--jobs', '2');
    expect(code).toBe(0);
    expect(stdout).toContain('copies: 5 copies is the largest found');
    const rows = stdout.split('\n').filter((line) => /^(Deployment|Pod) /.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['Deployment default/cpu', '2', '19'],
      ['Deployment default/memory', '1', '9'],
      ['Pod default/bare', '1', '90'],
    ]);
    expect(rows[0]).toMatch(/pods\.pending <= 0 \(1\)$/);
    expect(folder.read('results/s-max/scales.csv')).toContain('\nDeployment default/memory,10,no,yes,1,');
  });

  it('refuses --each for a field', async () => {
    folder.write('s.yaml', 'cluster: {nodeGroups: [{name: a, count: 3, allocatable: {cpu: 4}}]}\n');
    const { code, stderr } = await run('max', 's.yaml', '--scale', 'cluster.nodeGroups.a.count', '--each');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--each: goes with --scale copies only')]);
  });
});
