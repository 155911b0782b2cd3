// Replicate, Sweep and Compare: what they ask for, what they answer, and that the order of completion is nothing.
import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { Compare } from './compare.ts';
import type { Experiment, Metrics, Point, RunRequest } from './experiment.ts';
import { Replicate, type ReplicateOptions } from './replicate.ts';
import { Sweep } from './sweep.ts';
import { driveInOrder, pickerFrom } from './testing/drivers.ts';

const point = (id: string, level: number): Point<number> => ({
  id,
  labels: { level: `${level}` },
  setting: level,
});

/** Noise common to all points of a replication, plus a little of the point's own. */
function run({ point, seed, replication }: RunRequest<number>): Metrics {
  const common = seedrandom.alea(`${seed}/${replication}`)() * 10;
  const own = seedrandom.alea(`${seed}/${replication}/${point.id}`)() * 0.5;
  return {
    wait: point.setting + common + own,
    count: 3,
    p99: replication % 4 === 1 ? null : common,
    never: null,
  };
}

const options: ReplicateOptions = { seed: 's', rule: { nMin: 5, nMax: 200 }, confidence: 0.95 };

describe('Replicate', () => {
  it('makes the minimum when nothing more is wanted', () => {
    const { answer, requests } = driveInOrder(new Replicate(point('a', 1), options), run);
    expect(requests).toEqual(['a/0', 'a/1', 'a/2', 'a/3', 'a/4']);
    expect(answer.intervals.count).toMatchObject({ n: 5, mean: 3, halfWidth: 0 });
    expect(answer.intervals.p99!.n).toBe(4);
    expect(answer.intervals.never!.n).toBe(0);
  });

  it('goes on until the half-width is as wanted, in waves that at most double', () => {
    const wanted = { ...options, precision: { wait: { halfWidthAbsolute: 0.6 } } };
    const { answer } = driveInOrder(new Replicate(point('a', 1), wanted), run);
    expect(answer.intervals.wait!.halfWidth).toBeLessThanOrEqual(0.6);
    expect(answer.n).toBeGreaterThan(40);
    expect(answer.n).toBeLessThan(200);
    expect(answer.imprecise).toEqual([]);
  });

  it('stops at the maximum and says what is imprecise; a metric without values asks for nothing', () => {
    const wanted = {
      ...options,
      precision: { wait: { halfWidthAbsolute: 0.001 }, never: { halfWidthAbsolute: 1 } },
    };
    const { answer } = driveInOrder(new Replicate(point('a', 1), wanted), run);
    expect(answer).toMatchObject({ n: 200, imprecise: ['wait', 'never'] });
    const never = { ...options, precision: { never: { halfWidthAbsolute: 1 } } };
    expect(driveInOrder(new Replicate(point('a', 1), never), run).answer.n).toBe(5);
  });

  it('asks for nothing more while a wave is under way, however long the wait', () => {
    const wanted = { ...options, precision: { wait: { halfWidthAbsolute: 0.1 } } };
    const replicate = new Replicate(point('a', 1), wanted);
    for (const request of replicate.next()) replicate.accept(request, run(request));
    const [first, ...rest] = replicate.next();
    expect(rest).toHaveLength(4);
    replicate.accept(first!, run(first!));
    expect(replicate.next()).toEqual([]);
    for (const request of rest) replicate.accept(request, run(request));
    expect(replicate.next()).toHaveLength(10);
  });

  it('refuses rules that cannot be meant', () => {
    expect(() => new Replicate(point('a', 1), { ...options, rule: { nMin: 0, nMax: 5 } })).toThrow(
      'replications.min',
    );
    expect(
      () => new Replicate(point('a', 1), { ...options, precision: { wait: { halfWidthRatio: -1 } } }),
    ).toThrow('halfWidth');
  });
});

describe('Compare', () => {
  const points = [point('a', 1), point('b', 1.3), point('c', 1)];

  it('sees through the common noise', () => {
    const { answer } = driveInOrder(new Compare(points, options), run);
    const [a, b, c] = answer.variants;
    expect(a!.against).toEqual({});
    expect(b!.against.wait!.verdict).toBe('higher');
    expect(b!.against.wait!.difference.halfWidth).toBeLessThan(b!.intervals.wait!.halfWidth / 5);
    expect(c!.against.wait!.verdict).toBe('not significant');
    expect(c!.against.count!.verdict).toBe('identical');
  });

  it('replicates until the differences, not the values, are precise', () => {
    const wanted = { ...options, precision: { wait: { halfWidthAbsolute: 0.1 } } };
    const { answer } = driveInOrder(new Compare(points, wanted), run);
    for (const variant of answer.variants.slice(1)) {
      expect(variant.against.wait!.difference.halfWidth).toBeLessThanOrEqual(0.1);
      expect(variant.intervals.wait!.halfWidth).toBeGreaterThan(0.3);
    }
  });

  it('refuses one variant, and two of one name', () => {
    expect(() => new Compare(points.slice(0, 1), options)).toThrow('at least two variants');
    expect(() => new Compare([points[0]!, points[0]!], options)).toThrow(
      'two variants have the same name "a"',
    );
  });
});

describe('Sweep', () => {
  it('gives every point its own number of replications on the same seeds', () => {
    const wanted = { ...options, precision: { wait: { halfWidthRatio: 0.1 } } };
    const { answer } = driveInOrder(new Sweep([point('low', 1), point('high', 100)], wanted), run);
    expect(answer.map((row) => row.point.id)).toEqual(['low', 'high']);
    expect(answer[1]!.result.n).toBe(5);
    expect(answer[0]!.result.n).toBeGreaterThan(20);
  });
});

describe('the order in which runs finish', () => {
  const points = [point('a', 1), point('b', 2), point('c', 40)];
  const wanted = { ...options, precision: { wait: { halfWidthAbsolute: 1 } } };
  const makers: [string, () => Experiment<number, unknown>][] = [
    ['Replicate', () => new Replicate(points[0]!, wanted)],
    ['Compare', () => new Compare(points, wanted)],
    ['Sweep', () => new Sweep(points, wanted)],
  ];
  it.each(makers)('changes neither the answer of %s nor the runs it asks for', (_name, make) => {
    const expected = driveInOrder(make(), run);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), (choices) => {
        const shuffled = driveInOrder(make(), run, pickerFrom(choices));
        expect(shuffled.answer).toEqual(expected.answer);
        expect([...shuffled.requests].sort()).toEqual([...expected.requests].sort());
        expect(new Set(shuffled.requests).size).toBe(shuffled.requests.length);
      }),
      { numRuns: 25 },
    );
  });
});
