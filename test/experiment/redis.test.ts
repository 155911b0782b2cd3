// Runs by workers at a real Redis: the bytes are the same whatever happens to workers and to Redis.

import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, cli, cliInBackground, removeCli, SMALL, TestFolder } from '../support/cli.ts';
import { hasRedis, RedisServer } from '../support/redis.ts';

beforeAll(buildCli);
afterAll(removeCli);

let folder = new TestFolder();
let redis: RedisServer | undefined;
const workers: ChildProcess[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL');
  await redis?.kill();
  folder.remove();
  folder = new TestFolder();
});

const FILES = ['metrics.csv', 'runs.csv'];
const startWorker = () => workers.push(cliInBackground(['worker', '--engine', redis!.url, '--jobs', '1']));
/** Processes are many here, and the machine may be busy. */
const MS_MAX = 300_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** About 0.1 s a run. */
const LONGER = SMALL.replace('limit: 20', 'limit: 1500');

async function replicate(out: string, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const all = ['replicate', 's.yaml', '--replications', '30', '--out', out, '--quiet', ...args];
  return cli(all, { cwd: folder.path });
}

const results = (out: string) => FILES.map((file) => folder.read(`${out}/${file}`));

describe.runIf(hasRedis)('experiments with workers at a Redis', { timeout: MS_MAX }, () => {
  it('give the same bytes with one worker, with four, and with workers killed in mid-run', async () => {
    redis = await RedisServer.start(folder.path);
    folder.write('s.yaml', LONGER);
    await replicate('here', '--jobs', '1');
    const { url } = redis;
    startWorker();
    expect(await replicate('one', '--engine', url)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(results('one')).toEqual(results('here'));

    await redis.kill();
    redis = await RedisServer.start(folder.path, '--save', '');
    for (const worker of workers.splice(0)) worker.kill('SIGKILL');
    for (let i = 0; i < 4; i++) startWorker();
    const experiment = replicate('four', '--engine', redis.url);
    for (const nMade of [2, 6]) {
      while (folder.list('four/runs/s').length < nMade) await pause(20);
      workers.shift()!.kill('SIGKILL');
    }
    expect(folder.list('four/runs/s').length).toBeLessThan(30);
    expect((await experiment).code).toBe(0);
    expect(results('four')).toEqual(results('here'));
  });

  it('go on when Redis dies in mid-run and comes back empty', async () => {
    redis = await RedisServer.start(folder.path, '--save', '');
    folder.write('s.yaml', LONGER);
    await replicate('here', '--jobs', '1');
    startWorker();
    const experiment = replicate('there', '--engine', redis.url);
    while (folder.list('there/runs/s').length < 2) await pause(20);
    await redis.kill();
    expect(folder.list('there/runs/s').length).toBeLessThan(30);
    await pause(1500);
    await redis.start();
    const { code, stderr } = await experiment;
    expect(code).toBe(0);
    expect(stderr).toMatch(/is away: waiting for it; nothing is lost[\s\S]*is back/);
    expect(results('there')).toEqual(results('here'));
  });

  it('go on when Redis was full in mid-run', async () => {
    redis = await RedisServer.start(folder.path, '--save', '', '--maxmemory-policy', 'noeviction');
    folder.write('s.yaml', LONGER);
    await replicate('here', '--jobs', '1');
    for (let i = 0; i < 2; i++) startWorker();
    const experiment = replicate('there', '--engine', redis.url);
    while (folder.list('there/runs/s').length < 2) await pause(20);
    await redis.config('maxmemory', '1');
    expect(folder.list('there/runs/s').length).toBeLessThan(30);
    await pause(3000);
    await redis.config('maxmemory', '0');
    const { code, stderr } = await experiment;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/memory is full[\s\S]*takes runs again/)]);
    expect(results('there')).toEqual(results('here'));
  });

  it('wait while Redis is full', async () => {
    redis = await RedisServer.start(
      folder.path,
      '--save',
      '',
      '--maxmemory',
      '1',
      '--maxmemory-policy',
      'noeviction',
    );
    folder.write('s.yaml', SMALL);
    const stopped = await cli(['replicate', 's.yaml', '--engine', redis.url, '--quiet'], {
      cwd: folder.path,
      interruptWhen: (stderr) => stderr.includes('Redis refuses'),
      isInsisting: true,
    });
    expect(stopped.stderr).toContain('Redis refuses (its memory is full): waiting; nothing is lost');
  });
});

describe('experiments without a Redis', () => {
  it.each([
    ['redis://127.0.0.1:1', 1, 'there is no Redis at redis://127.0.0.1:1'],
    ['localhost', 2, '--engine: found localhost, expected redis://HOST:PORT'],
  ])('refuse --engine %s and leave old results alone', async (engine, expected, message) => {
    folder.write('s.yaml', SMALL);
    const { code, stderr } = await replicate('out', '--engine', engine);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(folder.list()).toEqual(['s.yaml']);
  });
});
