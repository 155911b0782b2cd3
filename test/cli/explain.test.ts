import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildCli, cli, removeCli, TestFolder } from '../support/cli.ts';

const SCENARIO = `
until: 1m
cluster:
  nodeGroups:
    - {name: pool, count: 3, allocatable: {cpu: 4, memory: 8Gi}}
    - {name: big, count: 1, allocatable: {cpu: 16, memory: 32Gi}, taints: [{key: k, effect: NoSchedule}]}
workload:
  - manifests: [pods.yaml]
`;
const pod = (name: string, spec: string, namespace = 'default') => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}}
spec: {${spec}}
`;
const asking = (cpu: number) => `containers: [{name: c, image: i, resources: {requests: {cpu: ${cpu}}}}]`;
const PODS = [
  pod('web-1', asking(3)),
  pod('web-2', asking(3)),
  pod('huge', asking(9)),
  pod('gated', `schedulingGates: [{name: g}], ${asking(1)}`),
  pod('elsewhere', `schedulerName: other, ${asking(1)}`),
  pod('static', `nodeName: pool-2, ${asking(1)}`),
  pod('twin', asking(1), 'a'),
  pod('twin', asking(1), 'b'),
].join('');

const folder = new TestFolder({ 's.yaml': SCENARIO, 'pods.yaml': PODS });
beforeAll(buildCli);
afterAll(() => {
  removeCli();
  folder.remove();
});
const explain = (...args: string[]) => cli(['explain', 's.yaml', ...args], { cwd: folder.path });

it('shows what each plugin said of each node, and why the winner won', async () => {
  const { code, stdout, stderr } = await explain('--pod', 'default/web-1');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^default\/web-1, attempt 1 at .* by default-scheduler\nScheduled on pool-\d: /);
  expect(stdout).toMatch(/\nNodes: 4, looked at 4, feasible \d\n/);
  expect(stdout).toContain('Passed by each feasible node: NodeName, NodeUnschedulable, TaintToleration');
  expect(stdout).toMatch(/\npool-\d \* +\d+/);
  expect(stdout).toMatch(/\nbig-0 +TaintToleration +node\(s\) had untolerated taint\(s\)\n/);
  expect(stdout).toMatch(/TaintToleration 0 → 100 → 300/);
});

it('tells why nothing was chosen', async () => {
  const { code, stdout } = await explain('--pod', 'huge', '--nodes', '2');
  expect(code).toBe(0);
  expect(stdout).toContain(
    'Not scheduled: 0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu.',
  );
  expect(stdout).toContain('… and 2 more (--nodes 0 shows all)');
});

it('gives everything as JSON', async () => {
  const { stdout } = await explain('--pod', 'web-2', '--json', '--at', '0s');
  const explanation = JSON.parse(stdout);
  expect(explanation).toMatchObject({
    pod: 'web-2',
    namespace: 'default',
    attempt: 1,
    outcome: 'scheduled',
    tieBreak: 'heap',
    nNodes: 4,
  });
  const winner = explanation.nodes.find(({ name }: { name: string }) => name === explanation.nodeName);
  const sum = winner.scores.reduce(
    (total: number, { weighted }: { weighted: number }) => total + weighted,
    0,
  );
  expect(winner.total).toBe(sum);
});

it('writes no files', () => {
  expect(folder.list()).toEqual(['pods.yaml', 's.yaml']);
});

it.each([
  [['--pod', 'wbe-1'], '--pod: there is no pod "wbe-1" in this run; did you mean default/web-1?'],
  [['--pod', 'web'], 'did you mean default/web-1 or default/web-2?'],
  [['--pod', 'zzzzz'], '--pod: there is no pod "zzzzz" in this run; there are '],
  [['--pod', 'twin'], '--pod: there are several pods twin; say a/twin or b/twin'],
  [['--pod', 'gated'], 'there was no attempt to schedule default/gated: its scheduling gates hold it back'],
  [['--pod', 'elsewhere'], 'there was no attempt to schedule default/elsewhere: no scheduler is named other'],
  [['--pod', 'static'], 'there was no attempt to schedule default/static: it came bound to pool-2'],
  [['--pod', 'web-1', '--at', '30s'], 'no attempt to schedule default/web-1 at or after 30s'],
  [['--pod', 'web-1', '--at', 'noon'], '--at: "noon" is not a duration'],
  [['--pod', 'web-1', '--nodes', '-1'], '--nodes: must be a whole number, 0 or more'],
  [['--pod', 'web-1', '--nodes', 'x'], '--nodes: must be a whole number, 0 or more'],
  [[], '--pod must be given: wavetank explain <scenario>'],
])('refuses %j', async (args, message) => {
  const { code, stdout, stderr } = await explain(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
