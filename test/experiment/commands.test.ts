import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, cliInBackground, removeCli, root, SMALL, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const MOST_ALLOCATED = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: default-scheduler
    pluginConfig:
      - name: NodeResourcesFit
        args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}
`;

const run = (...args: string[]) => cli(args, { cwd: folder.path });

/** All files of a folder with their content. */
function contents(name: string): Record<string, string> {
  const entries = readdirSync(join(folder.path, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(join(folder.path, name).length), readFileSync(file, 'utf8')]),
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const rowsOf = (name: string) => folder.read(name).trim().split('\n');

describe('wavetank replicate', () => {
  it('gives means with intervals, and the first replication is the run itself', async () => {
    folder.write('s.yaml', SMALL);
    const { code, stdout } = await run('replicate', 's.yaml', '--replications', '4', '--jobs', '1');
    expect(code).toBe(0);
    expect(stdout).toContain('s · 4 replications, intervals of 95 %');
    expect(rowsOf('results/s-replicate/runs.csv')).toHaveLength(5);
    await run('run', 's.yaml', '--quiet');
    const { traceHash } = JSON.parse(folder.read('results/s-replicate/runs/s/0.json')) as {
      traceHash: string;
    };
    expect(folder.read('results/s/run.json')).toContain(traceHash);
  });

  it('replicates until the wanted precision is reached', async () => {
    folder.write('s.yaml', SMALL);
    const args = ['--replications', '3', '--precision', 'utilization.cpu.mean=5%', '--jobs', '1', '--quiet'];
    await run('replicate', 's.yaml', ...args);
    const row = rowsOf('results/s-replicate/metrics.csv').find((line) =>
      line.startsWith('s,utilization.cpu.mean'),
    );
    const [, , n, mean, , halfWidth] = row!.split(',').map(Number);
    expect(n).toBeGreaterThan(3);
    expect(halfWidth! / mean!).toBeLessThanOrEqual(0.05);
  });

  it('gives the same bytes with one thread and with three', async () => {
    folder.write('s.yaml', SMALL);
    for (const jobs of ['1', '3']) await run('replicate', 's.yaml', '--jobs', jobs, '--out', jobs, '--quiet');
    expect(contents('3')).toEqual(contents('1'));
    expect(Object.keys(contents('1'))).toHaveLength(14);
  });

  it('makes only the runs that are missing when it resumes, with the same result', async () => {
    folder.write('s.yaml', SMALL);
    await run('replicate', 's.yaml', '--out', 'whole', '--quiet', '--jobs', '1');
    await run('replicate', 's.yaml', '--out', 'part', '--quiet', '--jobs', '1', '--replications', '4');
    folder.write(
      'part/runs/s/0.json',
      folder.read('part/runs/s/0.json').replace('"pods.created": 20', '"pods.created": 99'),
    );
    await run('replicate', 's.yaml', '--out', 'part', '--quiet', '--jobs', '1', '--resume');
    const runs = rowsOf('part/runs.csv');
    expect(runs[1]).toContain(',99,');
    expect(runs.slice(2)).toEqual(rowsOf('whole/runs.csv').slice(2));
  });

  it('refuses to mix results of different scenarios', async () => {
    folder.write('s.yaml', SMALL);
    await run('replicate', 's.yaml', '--quiet', '--replications', '2', '--jobs', '1');
    const before = contents('results/s-replicate');
    folder.write('s.yaml', SMALL.replace('500m', '600m'));
    const { code, stderr } = await run('replicate', 's.yaml', '--resume', '--jobs', '1');
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('holds the results of another experiment (scenarios'),
    ]);
    expect(contents('results/s-replicate')).toEqual(before);
  });

  it('goes on after it was killed, with the same result', async () => {
    folder.write('s.yaml', SMALL.replace('limit: 20', 'limit: 1000'));
    const args = ['--replications', '30', '--jobs', '1', '--quiet'];
    await run('replicate', 's.yaml', '--out', 'whole', ...args);
    const path = (name: string) => join(folder.path, name);
    const leader = cliInBackground(['replicate', path('s.yaml'), '--out', path('part'), ...args]);
    while (folder.list('part/runs/s').length < 3) await pause(10);
    const ended = once(leader, 'exit');
    leader.kill('SIGKILL');
    await ended;
    expect(folder.list('part/runs/s').length).toBeLessThan(30);
    expect(await run('replicate', 's.yaml', '--out', 'part', '--resume', ...args)).toMatchObject({ code: 0 });
    expect(rowsOf('part/runs.csv')).toEqual(rowsOf('whole/runs.csv'));
    expect(rowsOf('part/metrics.csv')).toEqual(rowsOf('whole/metrics.csv'));
  });

  it('makes runs on several threads from the sources too', async () => {
    folder.write('s.yaml', SMALL);
    await run('replicate', 's.yaml', '--jobs', '1', '--out', 'built', '--quiet');
    const args = ['replicate', 's.yaml', '--jobs', '2', '--out', 'sources', '--quiet'];
    const tsx = fileURLToPath(import.meta.resolve('tsx'));
    const { stderr } = spawnSync(
      process.execPath,
      ['--import', tsx, join(root, 'src/cli/main.ts'), ...args],
      { cwd: folder.path, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(rowsOf('sources/runs.csv')).toEqual(rowsOf('built/runs.csv'));
  });

  it('tells what of the input has no effect', async () => {
    folder.write('s.yaml', `${SMALL}  - {manifests: [more.yaml]}\n`);
    folder.write(
      'more.yaml',
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\n',
    );
    const { stdout } = await run('replicate', 's.yaml', '--replications', '2', '--jobs', '1');
    expect(stdout).toContain('\n\nIgnored  1 Prometheus\n\nResults are in');
  });

  it('goes on after Ctrl-C', async () => {
    folder.write('s.yaml', SMALL.replace('limit: 20', 'limit: 2000'));
    const args = ['replicate', 's.yaml', '--replications', '400', '--jobs', '1', '--quiet'];
    const runs = () => folder.list('results/s-replicate/runs/s').length;
    const stopped = await cli(args, { cwd: folder.path, interruptWhen: () => runs() > 2 });
    expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('go on with --resume')]);
    expect(runs()).toBeGreaterThan(2);
    expect(runs()).toBeLessThan(400);
  });
});

describe('wavetank sweep', () => {
  it('runs every combination, the last axis fastest', async () => {
    folder.write('s.yaml', SMALL);
    folder.write('grid.yaml', 'cluster: {nodeGroups: {a: {count: [1, 2]}}}\n');
    const args = ['--over', 'workload.limit=10,20', '--replications', '2', '--jobs', '2'];
    const { code, stdout } = await run('sweep', 's.yaml', 'grid.yaml', ...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('s · 4 points')]);
    const points = rowsOf('results/s-sweep/runs.csv').map((line) => line.split(',').slice(1, 4).join());
    const expected = ['1,10,0', '1,10,1', '1,20,0', '1,20,1', '2,10,0', '2,10,1', '2,20,0', '2,20,1'];
    expect(points.slice(1)).toEqual(expected);
  });
});

describe('wavetank sweep with a value that cannot be', () => {
  it.each([
    ['cluster.nodeGroups.a.count=1,2,-2', '(cluster.nodeGroups.a.count = -2)'],
    ['workload.arrivals.rate=1/s,fast', '(workload.arrivals.rate = fast)'],
  ])('says so before any run, and writes nothing: %s', async (over, message) => {
    folder.write('s.yaml', SMALL);
    const { code, stderr } = await run('sweep', 's.yaml', '--over', 'workload.limit=10,20', '--over', over);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(folder.list()).toEqual(['s.yaml']);
  });
});

describe('wavetank compare', () => {
  it('takes a policy of old for a scheduler', async () => {
    folder.write('s.yaml', SMALL);
    folder.write(
      'old.yaml',
      'policy: classic-1.16\npredicates: [{name: PodFitsResources}]\npriorities: [{name: MostRequestedPriority, weight: 1}]\n',
    );
    const args = ['--schedulers', 'default', 'old.yaml', '--replications', '2', '--jobs', '1'];
    const { code, stdout } = await run('compare', 's.yaml', ...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining("old's pods.pending is the same")]);
    const hashes = rowsOf('results/default-against-old/runs.csv').map((row) => row.split(',')[3]);
    expect(hashes[1]).not.toBe(hashes[3]);
  });

  it('says what differs between two schedulers, and what does not', async () => {
    folder.write('s.yaml', SMALL);
    folder.write('most.yaml', MOST_ALLOCATED);
    const args = ['--schedulers', 'default', 'most.yaml', '--replications', '3', '--jobs', '1'];
    const { code, stdout } = await run('compare', 's.yaml', ...args);
    expect(code).toBe(0);
    expect(stdout).toContain("most's pods.pending is the same in every replication");
    expect(rowsOf('results/default-against-most/comparisons.csv')[0]).toMatch(/^variant,metric,verdict,/);
  });

  it('finds the larger cluster less full, significantly', async () => {
    folder.write('small.yaml', SMALL);
    folder.write('large.yaml', SMALL.replace('count: 3', 'count: 6'));
    const { stdout } = await run('compare', 'small.yaml', 'large.yaml', '--jobs', '1', '--replications', '5');
    expect(stdout).toMatch(/large's utilization\.cpu\.mean is [\d.]+ points to [\d.]+ points lower \(95 %\)/);
  });
});

describe('wavetank max', () => {
  it('finds how many copies of pods a cluster takes: 24 of half a CPU on 12 CPUs', async () => {
    folder.write(
      'pod.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i, resources: {requests: {cpu: 500m}}}]}\n',
    );
    folder.write(
      's.yaml',
      `${SMALL.slice(0, SMALL.indexOf('workload:'))}workload: [{manifests: [pod.yaml]}]\nuntil: 1m\n`,
    );
    const { code, stdout } = await run('max', 's.yaml', '--scale', 'copies', '--jobs', '1');
    expect([code, stdout]).toEqual([0, expect.stringContaining('copies: 24 copies is the largest found')]);
    expect(stdout).toContain('the smallest that misses them is 25 copies');
  });
});

describe('experiments', () => {
  it.each([
    [['replicate', 's.yaml', '--jobs', '0'], '--jobs: found 0, expected a whole number of at least 1'],
    [
      ['replicate', 's.yaml', '--replications', '-1'],
      '--replications: found -1, expected a whole number of at least 1',
    ],
    [
      ['replicate', 's.yaml', '--replications', '4', '--max-replications', '3'],
      '--max-replications: found 3, expected a whole number of at least 4',
    ],
    [['replicate', 's.yaml', '--precision', 'cost'], '--precision: found cost, expected METRIC=0.5'],
    [['sweep', 's.yaml'], 'the grid is empty'],
    [['sweep', 's.yaml', '--over', 'cluster.nodeGroups.a.count=[]'], 'has no values'],
    [
      ['sweep', 's.yaml', '--over', 'cluster.nodeGroups.a.count=1,-2'],
      'found -2, expected a number of at least 0',
    ],
    [['compare', 's.yaml'], 'a comparison needs at least two variants'],
    [['max', 's.yaml', '--scale', 'workload.arrival.rate'], 'did you mean "arrivals"?'],
    [['max', 's.yaml', '--scale', 'copies'], 's.yaml: there is nothing to copy'],
    [
      ['max', 's.yaml', '--scale', 'workload.arrivals.rate', '--objective', 'pods.pendin <= 0'],
      'did you mean "pods.pending"?',
    ],
  ])('refuse %j', async (args, message) => {
    folder.write('s.yaml', SMALL);
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  it('make more than 10,000 points only when told to', async () => {
    folder.write('s.yaml', SMALL);
    const values = Array.from({ length: 101 }, (_, i) => i + 1).join();
    const axes = ['cluster.nodeGroups.a.count', 'workload.limit'].flatMap((path) => [
      '--over',
      `${path}=${values}`,
    ]);
    const { code, stderr } = await run('sweep', 's.yaml', ...axes);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('10201 points, more than 10000: confirm with --yes'),
    ]);
  });
});
