import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildCli, cli, removeCli, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const run = (...args: string[]) => cli(args, { cwd: folder.path });

/** A Deployment; `more` are further fields of its pods. */
const deployment = (name: string, replicas: number, cpu: string, more = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: c, image: i, resources: {requests: {cpu: ${cpu}, memory: 100Mi}}}]${more}
---`;
const APART = `
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: apart}}}`;
const AGENT = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: c, image: i, resources: {requests: {cpu: 100m}}}]}
---`;

const MOST_ALLOCATED = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    pluginConfig:
      - name: NodeResourcesFit
        args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
`;

const plan = (more = '', pools = '') => `
model: {controlPlane: instant}
cluster: {}
workload: [{manifests: [app.yaml]}]
plan:
  pools:
    - {name: small, allocatable: {cpu: 2, memory: 8Gi}, pricePerHour: 0.1, max: 50, zones: [x, y]}
    - {name: large, allocatable: {cpu: 8, memory: 32Gi}, pricePerHour: 0.36, max: 50, zones: [x, y]}
${pools}${more}`;

/** pool -> nodes of the chosen cluster. */
function chosen(name = 'results/plan'): Record<string, number> {
  const rows = folder.read(`${name}/plan.csv`).trim().split('\n').slice(1);
  const cells = rows
    .map((row) => row.split(','))
    .filter(([scheduler, rank]) => scheduler === 'own' && rank === '0');
  return Object.fromEntries(cells.map(([, , pool, , nodes]) => [pool, Number(nodes)]));
}

async function planned(app: string, more = '', pools = ''): Promise<Record<string, number>> {
  folder.write('app.yaml', app);
  folder.write('plan.yaml', plan(more, pools));
  const { code, stderr } = await run('plan', 'plan.yaml', '--quiet', '--jobs', '1', '--no-most-allocated');
  expect([code, stderr]).toEqual([0, '']);
  return chosen();
}

describe('wavetank plan', () => {
  it('counts daemons: seven pods of 1 CPU beside a daemon fit one large node, eight need another', async () => {
    expect(await planned(AGENT + deployment('web', 7, '1'))).toEqual({ large: 1 });
    expect(await planned(AGENT + deployment('web', 8, '1'))).toEqual({ small: 1, large: 1 });
  });

  it('tells the cluster, its cost, the bound and what binds it', async () => {
    folder.write('app.yaml', deployment('web', 9, '1'));
    folder.write('plan.yaml', plan());
    const { stdout } = await run('plan', 'plan.yaml', '--jobs', '2');
    expect(stdout).toContain('plan · 9 pods to place, 2 pools to choose from');
    expect(stdout).toContain('Cluster   1 × small + 1 × large');
    expect(stdout).toContain('$0.460 an hour, $335.80 a month (730 h), 2 nodes');
    expect(stdout).toContain('nothing that meets the objectives is more than 0.0% lighter');
    expect(stdout).toMatch(
      /one node of (small|large) less misses pods.pending <= 0 \(\d\); no room for default\/web/,
    );
    expect(folder.read('results/plan/frontier.csv')).toMatch(
      /^pods\.pending,0,0\.46,0\.46,2,yes,small=1 large=1$/m,
    );
  });

  it('writes the winner as a scenario that meets the objectives when run, and one node less does not', async () => {
    await planned(AGENT + deployment('web', 20, '900m'));
    const nPending = async () => {
      const { code, stdout } = await run('run', 'results/plan/scenario.yaml', '--out', 'out');
      expect(code).toBe(0);
      return Number(/(\d+) pending/.exec(stdout)?.[1]);
    };
    expect(await nPending()).toBe(0);
    const text = folder.read('results/plan/scenario.yaml');
    const fewer = text.replace(/count: (\d+)/, (_, count: string) => `count: ${Number(count) - 1}`);
    folder.write('results/plan/scenario.yaml', fewer);
    expect(await nPending()).toBeGreaterThan(0);
  });

  it('names all files of the winner as they lie from its folder', async () => {
    folder.write('in/types.csv', 'name,vcpu,memory_gib,price_per_hour\nown.large,2,8,0.1\n');
    folder.write('in/most.yaml', MOST_ALLOCATED);
    folder.write('in/app.yaml', deployment('web', 2, '1'));
    folder.write('in/later.yaml', deployment('late', 1, '1'));
    folder.write('in/rows.csv', 'at\n1\n');
    const scenario = `
until: 5m
model: {controlPlane: instant}
scheduler: most.yaml
cluster: {catalog: types.csv}
workload: [{manifests: [app.yaml]}, {trace: csv, file: rows.csv, columns: {submit: at}}]
timeline: [{at: 1m, apply: [later.yaml]}]
plan: {instanceTypes: [own.large]}
`;
    folder.write('in/plan.yaml', scenario);
    const { code, stderr } = await run('plan', 'in/plan.yaml', '--quiet', '--jobs', '1', '--out', 'out');
    expect([code, stderr]).toEqual([0, '']);
    const again = await run('run', 'out/scenario.yaml', '--out', 'again');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 pending')]);
    expect(again.stdout).toContain('4 created');
  });

  it('is what a scenario without nodes is for: run says so', async () => {
    folder.write('app.yaml', deployment('web', 2, '1'));
    folder.write('plan.yaml', plan());
    for (const command of [['run'], ['replicate'], ['explain', '--pod', 'web']]) {
      const { code, stderr } = await run(command[0]!, 'plan.yaml', ...command.slice(1));
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('the plan looks for them (wavetank plan plan.yaml'),
      ]);
    }
    expect(await run('validate', 'plan.yaml')).toMatchObject({ code: 0 });
  });

  it('buys what is missing beside the nodes that there are', async () => {
    const node = (name: string) =>
      `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\nstatus: {allocatable: {cpu: 4, memory: 8Gi, pods: 10}}\n---\n`;
    folder.write('app.yaml', node('a') + node('b') + deployment('web', 12, '1'));
    folder.write('plan.yaml', plan());
    const { stdout } = await run('plan', 'plan.yaml', '--jobs', '1');
    expect(stdout).toContain('Cluster   2 × small + 2 × a\n');
    expect(stdout).toContain('Cost      $0.200 an hour');
    expect(stdout).toContain('Bound     $0.200 an hour by');
    expect(stdout).toContain('nodes that the scenario lists are there in any case');
    expect(await run('run', 'results/plan/scenario.yaml', '--out', 'out')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 pending'),
    });
  });

  it('gives every pod of a repelling shape its own node', async () => {
    expect(await planned(deployment('apart', 3, '100m', APART))).toEqual({ small: 3 });
  });

  it.each([
    ['growth of 10 % for a year', '  growth: {perMonth: 0.1, months: 12}', 4],
    ['copies', '  copies: 3', 3],
    ['headroom', '  headroom: 0.5', 2],
  ])('makes room for %s', async (_, more, nSmall) => {
    const onlySmall = plan(more).replace(/^.*name: large.*\n/m, '');
    folder.write('app.yaml', deployment('web', 2, '1'));
    folder.write('plan.yaml', onlySmall);
    await run('plan', 'plan.yaml', '--quiet', '--jobs', '1');
    expect(chosen()).toEqual({ small: nSmall });
  });

  it.each([
    ['any node', 'node', 2],
    ['any zone', 'zone', 2],
    ['an upgrade', 'upgrade', 2],
  ])('survives the loss of %s', async (_, trial, nNodes) => {
    const cluster = await planned(deployment('web', 2, '1'), `  survive: [${trial}]\n`);
    expect(cluster).toEqual({ small: nNodes });
  });

  it('weighs the number of nodes instead of the cost', async () => {
    expect(await planned(deployment('web', 4, '1'), '  minimize: nodes\n')).toEqual({ large: 1 });
    expect(await planned(deployment('web', 2, '1'))).toEqual({ small: 1 });
  });

  it('blends the price of spot nodes', async () => {
    const spot =
      '    - {name: spot, allocatable: {cpu: 2, memory: 8Gi}, pricePerHour: 0.12, spotShare: 0.5, spotPricePerHour: 0.04}\n';
    expect(await planned(deployment('web', 4, '1'), '', spot)).toEqual({ spot: 2 });
    expect(folder.read('results/plan/plan.csv')).toContain('own,0,spot,spot,2,0.08,2,0.16,116.8,');
  });

  it('minimizes a weighted sum, and says what it is of', async () => {
    folder.write('app.yaml', deployment('web', 6, '1'));
    folder.write('plan.yaml', plan('  minimize: {cost: 1, nodes: 0.05}\n'));
    const { stdout } = await run('plan', 'plan.yaml', '--jobs', '1');
    expect(stdout).toContain('Cluster   1 × large\n');
    expect(stdout).toContain('Weight    0.41: the cost an hour × 1 + the nodes × 0.05');
    expect(stdout).toContain('Bound     0.41 by');
    folder.write('plan.yaml', plan('  minimize: nodes\n'));
    expect((await run('plan', 'plan.yaml', '--jobs', '1')).stdout).toContain('Bound     1 node by');
  });

  it('says how near it came where nothing meets the objectives', async () => {
    folder.write('app.yaml', deployment('web', 6, '1'));
    folder.write('plan.yaml', plan('  objectives: [utilization.cpu.max >= 2]\n  clusters: 5\n'));
    const { stdout } = await run('plan', 'plan.yaml', '--jobs', '1', '--no-most-allocated');
    expect(stdout).toMatch(/No cluster that was judged[\s\S]*Best seen utilization.cpu.max [\d.]+%: \d × /);
  });

  it('keeps utilization below a ceiling', async () => {
    const objectives = '  objectives: ["pods.pending <= 0", "utilization.cpu.max <= 50%"]\n';
    expect(await planned(deployment('web', 2, '1'), objectives)).toEqual({ small: 2 });
  });

  it.each([
    [
      'a pod larger than every node',
      deployment('huge', 1, '9'),
      '',
      'pod default/huge: it requests cpu 9, and the roomiest candidate has 8 left',
    ],
    [
      'a pod of a Job larger than every node, though such pods end by themselves',
      `apiVersion: batch/v1
kind: Job
metadata: {name: load-test}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i, resources: {requests: {cpu: 9}}}]}}}
---${deployment('web', 1, '1')}`,
      '',
      'pod default/load-test: it requests cpu 9, and the roomiest candidate has 8 left',
    ],
    [
      'more repelling pods than nodes',
      deployment('apart', 101, '1m', APART),
      '',
      'its anti-affinity (at most 1 on a node) needs 101 nodes, and at most 100 are allowed',
    ],
    [
      'a selector that no pool has',
      deployment('web', 1, '1', '\n      nodeSelector: {disk: ssd}'),
      '',
      'pod default/web: no candidate satisfies its node selector',
    ],
    [
      'an unknown metric',
      deployment('web', 1, '1'),
      '  objectives: ["pods.pendin <= 0"]\n',
      'did you mean "pods.pending"?',
    ],
    ['no objective', deployment('web', 1, '1'), '  objectives: []\n', 'there is no objective to meet'],
    [
      'a minimum above the maximum',
      deployment('web', 1, '1'),
      '  pools: [{name: a, allocatable: {cpu: 1}, min: 3, max: 2}]\n',
      'expected at least the minimum of 3',
    ],
  ])('refuses %s', async (_, app, more, message) => {
    folder.write('app.yaml', app);
    const text = plan(more);
    folder.write(
      'plan.yaml',
      more.includes('pools:') ? `${text.slice(0, text.indexOf('  pools:'))}${more}` : text,
    );
    const { code, stderr } = await run('plan', 'plan.yaml', '--jobs', '1');
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('chooses from all the catalogue, and says what it may have chosen unthought of', async () => {
    const types =
      'name,vcpu,memory_gib,arch,usd_hour\nown.arm,2,8,arm64,0.1\nown.x86,2,8,amd64,0.11\nodd,4,16,amd64,\n';
    folder.write('types.csv', types);
    folder.write('app.yaml', deployment('web', 4, '1'));
    const text = (words: string) => plan(`  instanceTypes: ${words}\n`).replace(/^ +(pools|- ).*\n/gm, '');
    folder.write('plan.yaml', text('["*", "!aws", "!azure"]'));
    const args = ['--catalog', 'types.csv', '--jobs', '1', '--no-most-allocated', '--force'];
    const { stdout } = await run('plan', 'plan.yaml', ...args);
    expect(stdout).toContain('4 pods to place, 2 pools to choose from');
    expect(stdout).toContain('Cluster   2 × own-arm\n');
    expect(stdout).toMatch(/Note {6}38 types without a price left out: .*and 35 more\n/);
    expect(stdout).toContain('Note      its arm64 nodes need images for arm64');
    folder.write('plan.yaml', text('[custom, "!arm64"]'));
    const other = await run('plan', 'plan.yaml', ...args);
    expect(other.stdout).toContain('Cluster   2 × own-x86\n');
    expect(other.stdout).not.toContain('arm64');
  });

  it('does not take an unknown price for none', async () => {
    folder.write('app.yaml', deployment('web', 1, '1'));
    folder.write('plan.yaml', plan().replace('pricePerHour: 0.1, ', ''));
    const { code, stderr } = await run('plan', 'plan.yaml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('the price of small is unknown')]);
  });

  it('buys for the peak of a SimKube trace where nobody may wait, and bounds it by that', async () => {
    const app = (replicas: number) => parse(deployment('web', replicas, '1').replace('---', '')) as object;
    const event = (ts: number, replicas: number) => ({ ts, applied_objs: [app(replicas)], deleted_objs: [] });
    const events = [event(0, 4), event(600, 10), event(900, 6)];
    folder.write('trace.json', JSON.stringify({ version: 2, events }));
    const objectives = '  objectives: ["queue.unschedulable.max <= 0"]\n';
    const text = plan(objectives).replace('{manifests: [app.yaml]}', '{simkube: trace.json}');
    folder.write('plan.yaml', `until: 20m${text.replace(/^.*name: large.*\n/m, '')}`);
    const { stdout } = await run('plan', 'plan.yaml', '--jobs', '1');
    expect(chosen()).toEqual({ small: 5 });
    expect(stdout).toContain('Bound     $0.500 an hour by');
  });

  it('finds the same with one thread and with three', async () => {
    folder.write('app.yaml', AGENT + deployment('web', 20, '700m') + deployment('api', 10, '300m'));
    folder.write('plan.yaml', plan());
    const files = ['plan.csv', 'frontier.csv', 'scenario.yaml', 'objects.json'];
    const results: string[][] = [];
    for (const jobs of ['1', '3']) {
      await run('plan', 'plan.yaml', '--quiet', '--jobs', jobs, '--out', jobs);
      results.push(files.map((file) => folder.read(`${jobs}/${file}`)));
    }
    expect(results[1]).toEqual(results[0]);
  });
});
