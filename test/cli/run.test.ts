import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, removeCli, root, SMALL, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

/** Files of a run without --events. */
const FILES = [
  '.wavetank',
  'api.csv',
  'latency.csv',
  'nodes.csv',
  'pods.csv',
  'queues.csv',
  'replicas.csv',
  'run.json',
  'summary.json',
  'timing.json',
  'utilization.csv',
  'workloads.csv',
];

const run = (args: readonly string[] = [], options = {}) =>
  cli(['run', 's.yaml', ...args], { cwd: folder.path, ...options });

describe('wavetank run', () => {
  it('ends with a summary and a folder of results', async () => {
    folder.write('s.yaml', SMALL);
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('20 created · 20 scheduled · 0 pending');
    expect(stdout).toContain('Results are in results/s/');
    expect(folder.list('results')).toEqual(['s']);
    expect(folder.list('results/s')).toEqual(FILES);
    expect(folder.read('results/s/pods.csv').trimEnd().split('\n')).toHaveLength(21);
    expect(JSON.parse(folder.read('results/s/run.json'))).toMatchObject({
      scenario: 's',
      seed: 1,
      complete: true,
    });
  });

  it('gives the same bytes again, but for the time it took', async () => {
    folder.write('s.yaml', SMALL);
    await run(['--out', 'one', '--events']);
    await run(['--out', 'two', '--events', '--quiet']);
    const names = folder.list('one').filter((name) => name !== 'timing.json');
    expect(names).toContain('events.csv');
    for (const name of names) expect(folder.read(`two/${name}`)).toBe(folder.read(`one/${name}`));
  });

  it('takes another seed and another end', async () => {
    folder.write('s.yaml', SMALL);
    await run(['--out', 'one', '--quiet']);
    await run(['--out', 'two', '--seed', '7', '--until', '5s', '--quiet']);
    const [one, two] = ['one', 'two'].map((name) => JSON.parse(folder.read(`${name}/run.json`)));
    expect(two).toMatchObject({ seed: 7, simulatedSeconds: 5, overrides: { seed: '7', until: '5s' } });
    expect(two.traceHash).not.toBe(one.traceHash);
    expect(two.digest).not.toBe(one.digest);
  });

  it('says nothing with --quiet', async () => {
    folder.write('s.yaml', SMALL);
    expect(await run(['--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('colours only where it is asked to', async () => {
    folder.write('s.yaml', SMALL);
    const isColoured = async (env: object) => (await run([], { env })).stdout.includes('\u001b[');
    expect(await isColoured({})).toBe(false);
    expect(await isColoured({ FORCE_COLOR: '1' })).toBe(true);
    expect(await isColoured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  it('reads manifests and traces beside the scenario and in the data folder', async () => {
    folder.write(
      's.yaml',
      'cluster: {snapshot: [n.yaml]}\nworkload: [{trace: csv, file: j.csv, columns: {submit: t, duration: d}}]',
    );
    folder.write(
      'n.yaml',
      'apiVersion: v1\nkind: Node\nmetadata: {name: node}\nstatus: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}',
    );
    folder.write('data/j.csv', 't,d\n0,1\n5,1\n');
    const without = await run();
    expect(without.code).toBe(2);
    expect(without.stderr).toContain(
      's.yaml:2:25: workload[0].file: found "j.csv", but there is no such file',
    );
    expect(without.stderr).toContain('name a data folder by --data or WAVETANK_DATA');
    for (const [args, env] of [
      [['--data', 'data'], {}],
      [[], { WAVETANK_DATA: `${folder.path}/data` }],
    ] as const) {
      const { code, stdout } = await run(args, { env });
      expect(code).toBe(0);
      expect(stdout).toContain('2 created');
    }
  });

  it('runs the bundled shop', async () => {
    const { code } = await cli(
      ['run', 'scenarios/shop.yaml', '--out', `${folder.path}/shop`, '--quiet', '--until', '1h'],
      { cwd: root },
    );
    expect(code).toBe(0);
    expect(folder.list('shop')).toEqual(FILES);
  });
});

describe('the folder of results', () => {
  it('is replaced as a whole by the next run', async () => {
    folder.write('s.yaml', SMALL);
    await run(['--events']);
    expect(folder.list('results/s')).toContain('events.csv');
    await run();
    expect(folder.list('results/s')).toEqual(FILES);
  });

  it('is left alone if it holds files of others', async () => {
    folder.write('s.yaml', SMALL);
    await run();
    folder.write('results/s/notes.txt', 'mine');
    const before = folder.read('results/s/run.json');
    const { code, stderr } = await run(['--seed', '2']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'wavetank: results/s holds files that Wavetank did not write (notes.txt): choose another folder with --out, or --force to replace it with all that is in it\n',
    );
    expect(folder.read('results/s/run.json')).toBe(before);
    expect(folder.list('results')).toEqual(['s']);
    expect((await run(['--force'])).code).toBe(0);
    expect(folder.list('results/s')).toEqual(FILES);
  });

  it('cannot be a file, a place where nothing can be written, or the folder one is in', async () => {
    folder.write('s.yaml', SMALL);
    folder.write('taken', 'mine');
    for (const [out, message] of [
      ['taken', 'taken is a file: choose another folder with --out'],
      ['taken/inside', 'taken/inside cannot be written: a part of the path is a file'],
      ['/proc/wavetank', '/proc/wavetank cannot be written: no folder can be made there'],
      ['.', '. is the folder you are in or one above it: choose another with --out'],
    ] as const) {
      const { code, stderr } = await run(['--out', out, '--force']);
      expect([code, stderr]).toEqual([1, `wavetank: ${message}\n`]);
    }
    expect(folder.list()).toEqual(['s.yaml', 'taken']);
  });
});

describe('a refused action', () => {
  const scenario = (onActionError: string) =>
    `${SMALL}until: 1m\nonActionError: ${onActionError}\ntimeline: [{at: 5s, delete: {kind: Pod, name: nobody}}]\n`;

  it('is told, and the run goes on', async () => {
    folder.write('s.yaml', scenario('continue'));
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('delete at 5s (s.yaml:12:21): pods "nobody" not found');
  });

  it('ends the run if the scenario says so', async () => {
    folder.write('s.yaml', scenario('stop'));
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('s.yaml:12:21: delete: pods "nobody" not found');
    expect(JSON.parse(folder.read('results/s/run.json'))).toMatchObject({ complete: false });
  });
});

describe('checks', () => {
  it('change nothing of a run', async () => {
    folder.write('s.yaml', SMALL);
    await run(['--out', 'one', '--quiet']);
    const { code, stdout } = await run(['--out', 'two', '--check', '--verify', '--explain-speed']);
    expect(code).toBe(0);
    expect(stdout).toContain('default-scheduler: 20 cycles served by the index');
    for (const name of FILES.filter((file) => file !== 'timing.json')) {
      expect(folder.read(`two/${name}`)).toBe(folder.read(`one/${name}`));
    }
  });
});

describe.each([
  ['Ctrl-C', 'SIGINT', false],
  ['kill', 'SIGTERM', false],
  ['a terminal that closes', 'SIGHUP', false],
  ['a terminal that closes, told twice,', 'SIGHUP', true],
] as const)('%s', (_, signal, isInsisting) => {
  it('stops cleanly, writes what is known and says so', async () => {
    folder.write('s.yaml', SMALL.replace('limit: 20', 'limit: 100000000').replace('1/s', '300/s'));
    const interruptWhen = () => folder.hasPartialTables('results');
    const { code, stdout, stderr } = await run(['--ignore-memory'], { interruptWhen, signal, isInsisting });
    expect(stderr).toContain('interrupted: the results end where the run was stopped');
    expect(code).toBe(130);
    expect(stdout).toContain('stopped before the end');
    expect(folder.list('results/s')).toEqual(FILES);
    expect(JSON.parse(folder.read('results/s/run.json'))).toMatchObject({ complete: false });
  });
});
