import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainPods } from '../../test/support/arrivals.ts';
import { RandomStreams } from '../sim/random-streams.ts';
import type { ClosedLoop } from './closed-loop.ts';
import { type GeneratorSpec, generatorSchema } from './generator.schema.ts';
import { openGenerator } from './generator.ts';
import type { PodArrival, WorkloadSource } from './source.ts';

const HOUR_US = 3600e6;

function spec(overrides: object): GeneratorSpec {
  return generatorSchema.parse({
    generator: 'gen',
    arrivals: { process: 'poisson', rate: '60/m' },
    templates: [{ name: 'job', duration: '1m' }],
    limit: 1000,
    ...overrides,
  });
}

function generate(overrides: object, seed = 1): Promise<PodArrival[]> {
  return drainPods(openGenerator(spec(overrides), new RandomStreams(seed)));
}

const timesOf = (pods: readonly PodArrival[]) => pods.map((pod) => pod.atUs);
const isSorted = (times: readonly number[]) => times.every((time, i) => i === 0 || time >= times[i - 1]!);

describe('an open generator', () => {
  it('repeats itself for a seed and differs for another', async () => {
    expect(await generate({}, 7)).toEqual(await generate({}, 7));
    expect(timesOf(await generate({}, 7))).not.toEqual(timesOf(await generate({}, 8)));
  });

  it.each([
    { process: 'poisson', rate: '1/s' },
    { process: 'fixed', rate: '1/s' },
    { process: 'diurnal', rate: '1/s', curve: [1, 3] },
    { process: 'bursts', rate: '0.5/s', burstRate: '5/s', calm: '1m', burst: '10s' },
    { process: 'batch', every: '1m', size: 60 },
  ])('arrives in whole microseconds in time order: $process', async (arrivals) => {
    const times = timesOf(await generate({ arrivals, start: '1h' }));
    expect(times).toHaveLength(1000);
    expect(isSorted(times) && times.every(Number.isInteger) && times[0]! >= HOUR_US).toBe(true);
  });

  it('has the mean rate it was given', async () => {
    const pods = await generate({ arrivals: { process: 'poisson', rate: '3600/h' }, limit: 10_000 });
    const ratePerSec = pods.length / (pods.at(-1)!.atUs / 1e6);
    expect(Math.abs(ratePerSec - 1)).toBeLessThan(0.04);
  });

  it('sends batches from the start on', async () => {
    const arrivals = { process: 'batch', every: '10m', size: 3 };
    const times = timesOf(await generate({ arrivals, start: '5m', limit: 7 }));
    expect(times.map((us) => us / 60e6)).toEqual([5, 5, 5, 15, 15, 15, 25]);
  });

  it('sends nothing at or after its end', async () => {
    const arrivals = { process: 'fixed', rate: '1/s' };
    expect(timesOf(await generate({ arrivals, end: '4s' }))).toEqual([1e6, 2e6, 3e6]);
  });

  it('chooses templates by weight', async () => {
    const templates = [{ name: 'rare' }, { name: 'often', weight: 9 }, { name: 'never', weight: 0 }];
    const groups = (await generate({ templates, limit: 5000 })).map((pod) => pod.group);
    const rare = groups.filter((group) => group === 'rare').length / groups.length;
    expect(rare).toBeGreaterThan(0.08);
    expect(rare).toBeLessThan(0.12);
    expect(groups).not.toContain('never');
  });

  it('chooses templates by rank with zipf', async () => {
    const templates = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    const groups = (await generate({ templates, zipf: 1, limit: 5000 })).map((pod) => pod.group);
    const count = (name: string) => groups.filter((group) => group === name).length;
    const total = 1 + 1 / 2 + 1 / 3 + 1 / 4;
    for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
      expect(Math.abs(count(name) / 5000 - 1 / (i + 1) / total)).toBeLessThan(0.03);
    }
  });

  it('keeps listed sizes and puts drawn ones on the grid, few shapes for many pods', async () => {
    const listed = { name: 'listed', cpu: '777m', memory: '1Gi' };
    const drawn = {
      name: 'drawn',
      cpu: { kind: 'uniform', min: '500m', max: 4 },
      memory: { kind: 'exponential', mean: '1Gi' },
    };
    const pods = await generate({ templates: [listed, drawn] });
    const cpus = new Set(pods.map((pod) => pod.shape.spec.containers[0]?.resources?.requests?.cpu));
    expect([...cpus].sort()).toEqual(['1000m', '1500m', '2000m', '3000m', '4000m', '500m', '750m', '777m']);
    expect(new Set(pods.map((pod) => pod.shape)).size).toBeLessThan(200);
  });

  it('shows the same arrivals and sizes whatever the run times are', async () => {
    const variant = (duration: object | string) =>
      generate({ templates: [{ name: 'job', duration, cpu: { kind: 'uniform', min: 1, max: 8 } }] });
    const strip = (pods: readonly PodArrival[]) => pods.map(({ runUs: _, ...pod }) => pod);
    const constant = await variant('1m');
    const drawn = await variant({ kind: 'lognormal', p50: '1m', p99: '1h' });
    expect(strip(drawn)).toEqual(strip(constant));
    expect(new Set(drawn.map((pod) => pod.runUs)).size).toBeGreaterThan(900);
  });

  it('shows a template the same sizes whatever another template draws', async () => {
    const variant = async (cpu: object | string) => {
      const a = { name: 'a', cpu: { kind: 'uniform', min: 1, max: 8 } };
      return (await generate({ templates: [a, { name: 'b', cpu }] })).filter((pod) => pod.group === 'a');
    };
    expect(await variant({ kind: 'exponential', mean: 2 })).toEqual(await variant('1'));
  });

  it('carries what its pods have in common', async () => {
    const pod = { metadata: { labels: { app: 'x' } }, spec: { tolerations: [{ operator: 'Exists' }] } };
    const [first] = await generate({ templates: [{ name: 'job', pod }] });
    expect(first?.shape).toMatchObject({
      labels: { app: 'x' },
      spec: { tolerations: [{ operator: 'Exists' }] },
    });
    expect(first?.runUs).toBeUndefined();
  });
});

describe('a closed generator', () => {
  const closed = (overrides: object = {}) =>
    openGenerator(
      spec({ arrivals: { process: 'closed', users: 3, think: '10s' }, limit: 7, ...overrides }),
      new RandomStreams(1),
    );

  const take = (source: WorkloadSource): PodArrival => {
    const arrival = source.peek();
    source.shift();
    if (arrival?.kind !== 'pod') throw new Error('no pod is waiting');
    return arrival;
  };

  it('starts with one pod a user and then waits for them', () => {
    const source = closed();
    expect([take(source), take(source), take(source)].map((pod) => pod.atUs)).toEqual([10e6, 10e6, 10e6]);
    expect(source.peek()).toBeUndefined();
    expect(source.done).toBe(false);
  });

  it('sends the next pod a think time after one has finished, up to the limit', () => {
    const source = closed();
    const pods = [take(source), take(source), take(source)];
    pods[0]?.feedback?.onFinished(50e6, 2);
    expect([take(source), take(source)].map((pod) => [pod.name.toString(), pod.atUs])).toEqual([
      ['gen-3', 60e6],
      ['gen-4', 60e6],
    ]);
    pods[0]?.feedback?.onFinished(70e6, 3);
    expect([take(source), take(source)].map((pod) => pod.name.toString())).toEqual(['gen-5', 'gen-6']);
    expect(source.done).toBe(true);
  });

  it('shows the earlier arrival when feedback brings one, with the attributes already drawn', () => {
    const source = closed({
      arrivals: { process: 'closed', users: 2, think: { kind: 'exponential', mean: '1h' } },
    });
    const first = take(source);
    const shown = source.peek();
    let earlier = source.peek();
    for (let i = 0; i < 200 && earlier?.atUs === shown?.atUs; i++) {
      first.feedback?.onFinished(first.atUs, 1);
      earlier = source.peek();
    }
    expect(earlier!.atUs).toBeLessThan(shown!.atUs);
    expect({ ...earlier, atUs: 0 }).toEqual({ ...shown, atUs: 0 });
  });

  it('ends when every user would send after the end', () => {
    const source = closed({ end: '15s' });
    const pods = [take(source), take(source), take(source)];
    expect(source.done).toBe(false);
    pods[0]?.feedback?.onFinished(20e6, 3);
    expect(source.done).toBe(true);
  });

  it('never has more pods running than users, and gives out exactly the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, users) => {
          const source = closed({
            arrivals: { process: 'closed', users, think: '0s' },
            limit: 9,
          }) as ClosedLoop;
          let nRunning = 0;
          let nSent = 0;
          for (const sends of steps) {
            if (sends && source.peek()) {
              source.shift();
              nRunning++;
              nSent++;
            } else if (!sends && nRunning > 0) {
              source.onFinished(nSent, 1);
              nRunning--;
            }
            expect(nRunning).toBeLessThanOrEqual(users);
            expect(source.peek() !== undefined).toBe(nRunning < users && nSent < 9);
            expect(source.done).toBe(nSent === 9);
          }
        },
      ),
    );
  });
});
