import { describe, expect, it } from 'vitest';
import { RandomStreams } from '../sim/random-streams.ts';
import { PerPodDraws, PodDelay } from './per-pod-draws.ts';

const draws = (name = 'x') => new PerPodDraws(new RandomStreams('seed').open(name));

describe('draws per pod', () => {
  it('do not depend on the order in which pods are asked for', () => {
    const [forth, back] = [draws(), draws()];
    const uids = Array.from({ length: 50 }, (_, i) => i + 1);
    const asked = new Map(uids.toReversed().map((uid) => [uid, back.uniform(uid)]));
    expect(uids.map((uid) => forth.uniform(uid))).toEqual(uids.map((uid) => asked.get(uid)));
  });

  it('are uniform and uncorrelated between neighbours, purposes and streams', () => {
    const n = 20_000;
    const one = draws('one');
    const other = draws('other');
    const series = {
      own: (uid: number) => one.uniform(uid),
      neighbour: (uid: number) => one.uniform(uid + 1),
      purpose: (uid: number) => one.uniform(uid, 1 << 24),
      stream: (uid: number) => other.uniform(uid),
    };
    const own = Array.from({ length: n }, (_, uid) => series.own(uid) - 0.5);
    const buckets = new Array(20).fill(0);
    for (const value of own) buckets[Math.floor((value + 0.5) * 20)]++;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0);
    expect(chiSquare).toBeLessThan(43.8); // 99.9 % of 19 degrees of freedom
    for (const name of ['neighbour', 'purpose', 'stream'] as const) {
      const correlation =
        own.reduce((sum, value, uid) => sum + value * (series[name](uid) - 0.5), 0) / (n / 12);
      expect(Math.abs(correlation), name).toBeLessThan(0.025);
    }
  });

  it('of a delay are whole microseconds, never negative, and the same for all where it is constant', () => {
    const delay = (spec: ConstructorParameters<typeof PodDelay>[0]) =>
      new PodDelay(spec, new RandomStreams('seed').open('d'));
    expect(delay({ kind: 'constant', value: 1.6 }).us(7)).toBe(2);
    const normal = delay({ kind: 'normal', mean: 0, sd: 100 });
    const values = Array.from({ length: 100 }, (_, uid) => normal.us(uid));
    expect(values.every((us) => Number.isInteger(us) && us >= 0)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(10);
  });
});
