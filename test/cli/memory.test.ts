import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, cliInBackground, removeCli, TestFolder } from '../support/cli.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
afterEach(() => {
  folder.remove();
  folder = new TestFolder();
});

const scenario = (arrivals: object, more: object = {}) =>
  JSON.stringify({
    until: '1h',
    cluster: {
      nodeGroups: [{ name: 'node', count: 1000, allocatable: { cpu: 32, memory: '128Gi', pods: 9999 } }],
    },
    model: { controlPlane: 'instant' },
    workload: [{ generator: 'g', arrivals, templates: [{ name: 't', cpu: '1m' }], ...more }],
  });
const ENDLESS = scenario({ process: 'poisson', rate: 5000 });

const run = (args: readonly string[] = [], heapMib?: number) =>
  cli(['run', 's.json', '--out', 'out', '--quiet', ...args], {
    cwd: folder.path,
    ...(heapMib && { env: { NODE_OPTIONS: `--max-old-space-size=${heapMib}` } }),
  });

/** Rows of a table; each is whole. */
function rowsOf(name: string): string[] {
  const text = folder.read(name);
  expect(text.at(-1)).toBe('\n');
  const [header, ...rows] = text.trimEnd().split('\n');
  for (const row of rows) expect(row.split(',')).toHaveLength(header!.split(',').length);
  return rows;
}

/** More pods than the usual heap holds, but only after a year. */
function expectingMuch(): string {
  const size = Math.ceil((1.5 * getHeapStatistics().heap_size_limit) / 950);
  return scenario({ process: 'batch', every: '9000h', size }, { start: '8999h' });
}

describe('a scenario that is too large', () => {
  it('for the heap that the user allows is refused with what needs how much', async () => {
    folder.write('s.json', ENDLESS);
    const { code, stderr } = await run([], 200);
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        'wavetank: the scenario would take about 22,947 MiB of memory, and its heap 18,320 MiB; --max-old-space-size allows 200 MiB:',
        '  22,831 MiB for 18,000,000 pods at a time',
        '  6 MiB for 1,000 nodes',
        '  1 MiB for 1,000 nodes × pod classes in the index',
        'Make it smaller: fewer pods at a time (a lower rate, shorter durations, a limit, an earlier end, fewer replicas). --ignore-memory starts it all the same.\n',
      ].join('\n'),
    );
    expect(folder.list()).toEqual(['s.json']);
  });

  it('for the machine is refused before its nodes are made', async () => {
    const group = (name: string) => ({ name, count: 1_000_000, allocatable: { cpu: 1, memory: '1Gi' } });
    const nGroups = Math.ceil(totalmem() / 5e9) + 1;
    const nodeGroups = Array.from({ length: nGroups }, (_, i) => group(`g${i}`));
    folder.write('s.json', JSON.stringify({ until: '1h', cluster: { nodeGroups } }));
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^wavetank: the scenario would take about [\d,]+ MiB of memory, and there are [\d,]+ MiB:\n/,
    );
    expect(stderr).toContain('Make it smaller: fewer nodes.');
  });

  it('for the usual heap alone runs with a larger one', async () => {
    folder.write('s.json', expectingMuch());
    const { code, stderr } = await cli(['run', 's.json', '--out', 'out'], { cwd: folder.path });
    expect(stderr).toMatch(/^the heap may grow to [\d,]+ MiB for this run\n$/);
    expect(code).toBe(0);
    expect(folder.list('out')).toContain('run.json');
  });

  it('for the usual heap alone still hears Ctrl-C', async () => {
    const few = { generator: 'few', arrivals: { process: 'poisson', rate: 10 } };
    const templates = [{ name: 't', duration: '1s' }];
    const { workload, ...rest } = JSON.parse(expectingMuch());
    folder.write(
      's.json',
      JSON.stringify({ ...rest, until: '9000h', workload: [...workload, { ...few, templates }] }),
    );
    const { code, stderr } = await cli(['run', 's.json', '--out', 'out', '--quiet'], {
      cwd: folder.path,
      interruptWhen: () => folder.hasPartialTables(),
    });
    expect(stderr).toContain('interrupted: the results end where the run was stopped');
    expect(code).toBe(130);
  });
});

describe('a run', () => {
  it('ends by itself when memory gets short, with what is known so far', async () => {
    folder.write('s.json', ENDLESS);
    const { code, stderr } = await run(['--ignore-memory'], 90);
    expect(stderr).toContain('memory is nearly used up: the results end where the run was stopped');
    expect(code).toBe(1);
    const summary = JSON.parse(folder.read('out/summary.json'));
    expect(summary).toMatchObject({ complete: false, stopped: 'out of memory' });
    expect(rowsOf('out/pods.csv')).toHaveLength(summary.pods.created);
  });

  it('that is killed leaves its tables as far as they had come, and the next one says where', async () => {
    folder.write(
      's.json',
      scenario({ process: 'poisson', rate: 5000 }, { templates: [{ name: 't', duration: '1s' }] }),
    );
    const child = cliInBackground([
      'run',
      `${folder.path}/s.json`,
      '--out',
      `${folder.path}/out`,
      '--ignore-memory',
    ]);
    const partial = `.out.${child.pid}.partial`;
    const nLines = () =>
      folder.list(partial).includes('pods.csv') ? folder.read(`${partial}/pods.csv`).split('\n').length : 0;
    while (nLines() < 200) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(rowsOf(`${partial}/pods.csv`).length).toBeGreaterThan(100);
    const { stderr } = await run(['--until', '1s']);
    expect(stderr).toBe(`an earlier run was killed; what it had recorded is in ${partial}/\n`);
  });
});
