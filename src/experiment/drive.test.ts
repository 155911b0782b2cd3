import { describe, expect, it } from 'vitest';
import { drive } from './drive.ts';
import type { Point, RunRequest } from './experiment.ts';
import { Replicate } from './replicate.ts';

const point: Point<null> = { id: 'p', labels: {}, setting: null };
const make = (n: number) => new Replicate(point, { seed: 's', rule: { nMin: n, nMax: n }, confidence: 0.95 });

/** Later replications finish first within a group of runs under way. */
async function reversed(request: RunRequest<null>) {
  for (let i = 0; i < 20 - request.replication; i++) await null;
  return { value: request.replication ** 2 };
}

describe('drive', () => {
  it('gives the same answer one at a time and four at a time', async () => {
    const one = await drive(make(12), reversed);
    const four = await drive(make(12), reversed, { parallel: 4 });
    expect(four).toEqual(one);
    expect(one.intervals.value!.mean).toBeCloseTo(506 / 12, 12);
  });

  it('keeps as many runs under way as allowed', async () => {
    let underWay = 0;
    let most = 0;
    const run = async (request: RunRequest<null>) => {
      most = Math.max(most, ++underWay);
      const metrics = await reversed(request);
      underWay--;
      return metrics;
    };
    await drive(make(12), run, { parallel: 3 });
    expect(most).toBe(3);
  });

  it('gives the best so far when stopped', async () => {
    let nResults = 0;
    const answer = await drive(make(12), reversed, {
      parallel: 2,
      isStopped: () => nResults >= 5,
      onResult: () => nResults++,
    });
    expect(answer.n).toBeGreaterThanOrEqual(5);
    expect(answer.n).toBeLessThanOrEqual(6);
  });

  it('rejects with the error of a failing run', async () => {
    const run = () => {
      throw new Error('disk on fire');
    };
    await expect(drive(make(2), run)).rejects.toThrow('disk on fire');
  });
});
