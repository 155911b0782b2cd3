import { describe, expect, it } from 'vitest';
import { CrashBackoff } from './crash-backoff.ts';

const S = 1_000_000;
const MODEL = { initialUs: 10 * S, maxUs: 300 * S };

/** Waits before each restart of a container that runs `runSeconds` each time. */
function waits(runSeconds: number, n: number, model = MODEL): number[] {
  const backoff = new CrashBackoff();
  let nowUs = 0;
  return Array.from({ length: n }, () => {
    const finishedUs = nowUs + runSeconds * S;
    nowUs = backoff.allowedUs(finishedUs);
    backoff.restarted(model, finishedUs, nowUs);
    return (nowUs - finishedUs) / S;
  });
}

describe('CrashLoopBackOff', () => {
  it('restarts at once, then after 10, 20, 40, 80, 160, 300, 300 s', () => {
    expect(waits(1, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('keeps to a lower cap of the node', () => {
    expect(waits(1, 5, { initialUs: 1 * S, maxUs: 3 * S })).toEqual([0, 1, 2, 3, 3]);
  });

  it('still counts a run of ten minutes, and forgets after a longer one', () => {
    expect(waits(600, 4)).toEqual([0, 10, 20, 40]);
    expect(waits(601, 4)).toEqual([0, 0, 0, 0]);
  });
});
