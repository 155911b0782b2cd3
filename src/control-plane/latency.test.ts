import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../sim/random-streams.ts';
import { latencySchema, latencySpec } from './latency.schema.ts';
import { CALIBRATED, calibratedLatency, constantLatency, INSTANT } from './latency.ts';

describe('delays of the control plane', () => {
  it('are whole microseconds about their means, each from a stream of its own', () => {
    const latency = calibratedLatency(new RandomStreams(1));
    const draws = Array.from(
      { length: 4000 },
      () => [latency.requestUs(), latency.replyUs(), latency.watchUs()] as const,
    );
    const mean = (part: 0 | 1 | 2) => draws.reduce((sum, draw) => sum + draw[part], 0) / draws.length;
    expect(draws.flat().every((us) => Number.isInteger(us) && us >= 0)).toBe(true);
    expect(
      [mean(0) / 4000, mean(1) / 1000, mean(2) / 1500].every((ratio) => ratio > 0.97 && ratio < 1.03),
    ).toBe(true);
    const alone = calibratedLatency(new RandomStreams(1));
    expect(Array.from({ length: 5 }, () => alone.watchUs())).toEqual(
      draws.slice(0, 5).map((draw) => draw[2]),
    );
  });

  it('are as calibrated where a scenario says nothing', () => {
    expect(latencySpec(undefined, CALIBRATED)).toEqual(CALIBRATED);
    const input = latencySchema.parse({
      commit: '10ms',
      watch: { kind: 'lognormal', p50: '2ms', p99: '9ms' },
    });
    expect(latencySpec(input, CALIBRATED)).toEqual({
      ...CALIBRATED,
      commit: { kind: 'constant', value: 10_000 },
      watch: { kind: 'lognormal', p50: 2000, p99: 9000 },
    });
  });

  it('are refused with unknown parts and impossible figures', () => {
    expect(latencySchema.safeParse({ fsync: '1ms' }).success).toBe(false);
    expect(latencySchema.safeParse({ commit: { kind: 'uniform', min: '2ms', max: '1ms' } }).success).toBe(
      false,
    );
  });

  it('are nothing at all in instant mode, and what they are told when constant', () => {
    expect([INSTANT.requestUs(), INSTANT.replyUs(), INSTANT.watchUs()]).toEqual([0, 0, 0]);
    const constant = constantLatency(1, 2, 3);
    expect([constant.requestUs(), constant.replyUs(), constant.watchUs()]).toEqual([1, 2, 3]);
  });
});
