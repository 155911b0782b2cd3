import { describe, expect, it } from 'vitest';
import type { CronJob, CronJobSpec, Job } from '../../kube/types.ts';
import { Bed, template, workload } from '../testing/bed.ts';

const KUBELET = { startSeconds: 1, readySeconds: 1, terminateSeconds: 1, runSeconds: 80 };
const MINUTE_OF_START = 29_459_520;

function play(spec: Partial<CronJobSpec>, untilSeconds: number, kubelet = {}, act?: (bed: Bed) => void) {
  const bed = new Bed({ kubelet: { ...KUBELET, ...kubelet } });
  const jobTemplate = { spec: { template: template('tick', 'job:1', { restartPolicy: 'Never' }) } };
  bed.user.create(
    workload<CronJob>('batch/v1', 'CronJob', 'tick', { schedule: '* * * * *', jobTemplate, ...spec }),
  );
  act?.(bed);
  bed.run(untilSeconds);
  const jobs: string[] = [];
  const seen = new Set<unknown>();
  for (const { kind, name, t, gone } of bed.recorder.rows) {
    if (kind !== 'Job' || gone || seen.has(name)) continue;
    seen.add(name);
    jobs.push(`${t} ${String(name).slice(5)}`);
  }
  const gone = bed.recorder.rows.filter((row) => row.kind === 'Job' && row.gone).map(({ t }) => t);
  return { bed, jobs, gone };
}

const run = (minute: number, at = minute * 60 + 0.1) => `${at} ${MINUTE_OF_START + minute}`;

describe('CronJob', () => {
  it('starts a Job 100 ms after each scheduled minute, named after the minute', () => {
    expect(play({}, 200).jobs).toEqual([run(1), run(2), run(3)]);
  });

  it('does not start another one while one runs, and makes up for the slot when it ends (Forbid)', () => {
    // 80 s of work from 1 s after creation, seen a second later: 60.1 + 82 = 142.1 s.
    expect(play({ concurrencyPolicy: 'Forbid' }, 240).jobs).toEqual([run(1), run(2, 142.1), run(3, 224.1)]);
  });

  it('deletes the one that runs (Replace)', () => {
    const { jobs, gone } = play({ concurrencyPolicy: 'Replace' }, 190);
    expect(jobs).toEqual([run(1), run(2), run(3)]);
    expect(gone).toEqual([120.1, 180.1]);
  });

  it('does not make up for slots older than its starting deadline', () => {
    const { jobs } = play({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 10 }, 240);
    expect(jobs).toEqual([run(1), run(3)]);
  });

  it('waits for the next run of a new schedule, even if by that schedule it missed one', () => {
    const reschedule = (bed: Bed) =>
      bed.at(130, () =>
        bed.patch<CronJob>('CronJob', 'tick', (object) => ({
          ...object,
          spec: { ...object.spec, schedule: '* * * * *' },
        })),
      );
    expect(play({ schedule: '*/5 * * * *' }, 200, {}, reschedule).jobs).toEqual([run(3)]);
  });

  it('starts only the newest of the runs that it missed while suspended', () => {
    const resume = (bed: Bed) =>
      bed.at(250, () =>
        bed.patch<CronJob>('CronJob', 'tick', (object) => ({
          ...object,
          spec: { ...object.spec, suspend: false },
        })),
      );
    expect(play({ suspend: true }, 310, {}, resume).jobs).toEqual([run(4, 250), run(5)]);
  });

  it('keeps three successful Jobs and one failed one', () => {
    const { bed } = play({}, 60 * 8, { runSeconds: 5, fail: { tick: 3 } });
    const left = [...bed.server.state.kind('Job').values()].map(
      (job) =>
        `${Number(job.metadata.name!.slice(5)) - MINUTE_OF_START} ${(job as Job).status?.conditions?.at(-1)?.type ?? 'runs'}`,
    );
    expect(left.filter((line) => line.endsWith('Complete'))).toEqual([
      '5 Complete',
      '6 Complete',
      '7 Complete',
    ]);
    expect(left.filter((line) => /Failed/.test(line)).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ['*/15 * * * *', undefined, [15, 30, 45]],
    ['30 5 * * *', '+05:30', []],
    ['@every 20m', undefined, [20, 40]],
  ])('reads the schedule %s', (schedule, timeZone, minutes) => {
    const spec = timeZone === '+05:30' ? { schedule, timeZone: 'Asia/Kolkata' } : { schedule };
    const { jobs } = play(spec, 3590);
    expect(jobs.map((line) => Math.floor(Number(line.split(' ')[0]) / 60))).toEqual(minutes);
  });

  it('runs at midnight UTC when it is half past five in Kolkata', () => {
    const { jobs } = play({ schedule: '30 5 * * *', timeZone: 'Asia/Kolkata' }, 86_401, { runSeconds: 1 });
    expect(jobs).toEqual([run(1440)]);
  });
});
