import { describe, expect, it } from 'vitest';
import { drainPods, linesOf } from '../../../test/support/arrivals.ts';
import { InputError } from '../../base/errors.ts';
import { surfTasks } from './surf.ts';
import { type TraceOptions, TraceSource } from './trace-source.ts';

const HEADER = 'id,submit_s,duration_s,cpu_count,mem_capacity_mb';

function source(options: Partial<TraceOptions>, ...lines: string[]): TraceSource {
  return new TraceSource(surfTasks(), { file: 'jobs.csv', lines: linesOf(HEADER, ...lines), ...options });
}

async function problemsOf(trace: TraceSource): Promise<string> {
  const error = await drainPods(trace).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

describe('TraceSource', () => {
  it('starts the first pod at startAt and keeps scaled distances', async () => {
    const trace = source({ startAtUs: 7, timeScale: 0.5 }, 'a,100,1,1,1', 'b,104,1,1,1', 'c,104,1,1,1');
    expect((await drainPods(trace)).map((pod) => [pod.name, pod.atUs])).toEqual([
      ['surf-a', 7],
      ['surf-b', 2e6 + 7],
      ['surf-c', 2e6 + 7],
    ]);
  });

  it('gives pods of equal size one shape', async () => {
    const [a, b, c] = await drainPods(source({}, 'a,0,1,1,5', 'b,0,9,1,5', 'c,0,1,2,5'));
    expect(a?.shape).toBe(b?.shape);
    expect(a?.shape).not.toBe(c?.shape);
  });

  it('reports every bad row with file and line', async () => {
    const message = await problemsOf(source({}, 'a,0,1,1,5', 'b,zero,1,1,5', 'c,1,1,1', '', 'd,2,-1,1,5'));
    expect(message.split('\n')).toEqual([
      'jobs.csv:3: submit_s: found "zero", expected a number of at least 0',
      'jobs.csv:4: found 4 fields, expected 5 as in the header',
      'jobs.csv:6: duration_s: found "-1", expected a number of at least 0',
    ]);
  });

  it('skips and counts bad rows when told to', async () => {
    const trace = source({ onBadRow: 'skip' }, 'a,0,1,1,5', 'b,zero,1,1,5', 'c,1,1,1,5');
    expect((await drainPods(trace)).map((pod) => pod.name)).toEqual(['surf-a', 'surf-c']);
    expect(trace.skippedRows).toBe(1);
  });

  it('leaves out a row that is out of order when told to skip', async () => {
    const trace = source({ onBadRow: 'skip' }, 'a,5,1,1,5', 'b,4,1,1,5', 'c,6,1,1,5');
    expect((await drainPods(trace)).map((pod) => pod.name)).toEqual(['surf-a', 'surf-c']);
    expect(trace.skippedRows).toBe(1);
  });

  it('refuses rows out of order and says how to have them ordered', async () => {
    const rows = ['a,5,1,1,5', 'b,4,1,1,5'];
    expect(await problemsOf(source({}, ...rows))).toContain('jobs.csv:3: the row is earlier');
    const sorted = await drainPods(source({ sort: true }, ...rows));
    expect(sorted.map((pod) => [pod.name, pod.atUs])).toEqual([
      ['surf-b', 0],
      ['surf-a', 1e6],
    ]);
  });

  it('reads more rows than one chunk holds, in order, whatever the line ends', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `${i},${i},1,1,1\r`);
    const pods = await drainPods(source({}, ...rows));
    expect(pods.map((pod) => pod.atUs)).toEqual(rows.map((_, i) => i * 1e6));
  });

  it('goes on after a chunk of nothing but bad rows', async () => {
    const rows = Array.from({ length: 5_000 }, () => 'bad,row');
    const trace = source({ onBadRow: 'skip' }, ...rows, 'a,1,1,1,1');
    expect(await drainPods(trace)).toHaveLength(1);
    expect(trace.skippedRows).toBe(5_000);
  });

  it.each([
    ['a file without a line', () => linesOf(), 'jobs.csv:1: the trace is empty'],
    ['a file of only a header', () => linesOf(HEADER), 'jobs.csv:1: the trace has no usable row'],
    ['a header without a needed column', () => linesOf('id,submit'), 'jobs.csv:1: no column "submit_s"'],
  ])('refuses %s', async (_, lines, message) => {
    expect(await problemsOf(source({ lines: lines() }))).toContain(message);
  });
});
