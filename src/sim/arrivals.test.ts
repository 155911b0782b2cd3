import { expect, test } from 'vitest';
import { type ArrivalSpec, arrivalFault, arrivalProcess, DAY_US } from './arrivals.ts';
import { RandomStreams } from './random-streams.ts';

function timesOf(spec: ArrivalSpec, n: number, startUs = 0): number[] {
  const process = arrivalProcess(spec, new RandomStreams('arrivals').open(spec.kind));
  const times: number[] = [];
  let now = startUs;
  for (let i = 0; i < n; i++) times.push((now = process.next(now)));
  return times;
}

function gapsOf(times: number[]): number[] {
  return times.map((time, i) => time - (i === 0 ? 0 : times[i - 1]!));
}

function meanAndVariation(values: number[]): { mean: number; variation: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, variation: variance / mean ** 2 };
}

test('Poisson arrivals have the rate asked for and a squared coefficient of variation of 1', () => {
  const { mean, variation } = meanAndVariation(gapsOf(timesOf({ kind: 'poisson', ratePerSec: 200 }, 40_000)));
  expect(mean / 5000).toBeCloseTo(1, 1);
  expect(Math.abs(mean / 5000 - 1)).toBeLessThan(0.02);
  expect(Math.abs(variation - 1)).toBeLessThan(0.05);
});

test('a fixed rate keeps its beat without drift', () => {
  const times = timesOf({ kind: 'fixed', ratePerSec: 3 }, 3000, 500);
  expect(times.slice(0, 3)).toEqual([333_833, 667_167, 1_000_500]);
  expect(times.at(-1)).toBe(1_000_000_500);
});

test('a daily curve puts arrivals where its weights are, and keeps the daily mean', () => {
  // Linear from 0 at midnight to the peak at noon and back: a quarter of the area lies outside 06:00 to 18:00.
  const spec: ArrivalSpec = { kind: 'diurnal', ratePerSec: 0.1, weights: [0, 1] };
  const times = timesOf(spec, 100_000).filter((time) => time < 11 * DAY_US);
  expect(Math.abs(times.length / 11 / 8640 - 1)).toBeLessThan(0.015);
  const atDay = times.filter((time) => Math.abs((time % DAY_US) / DAY_US - 0.5) < 0.25).length;
  expect(Math.abs(atDay / times.length - 0.75)).toBeLessThan(0.01);
});

test('bursts have the long-run rate of their states and vary more than Poisson', () => {
  const spec: ArrivalSpec = {
    kind: 'bursts',
    states: [
      { ratePerSec: 100, meanUs: 1e6 },
      { ratePerSec: 0, meanUs: 3e6 },
    ],
  };
  const times = timesOf(spec, 200_000);
  const { mean, variation } = meanAndVariation(gapsOf(times));
  expect(Math.abs(mean / 40_000 - 1)).toBeLessThan(0.06);
  // An interrupted Poisson process with rate r, left at rate x and resumed at rate y: 1 + 2 r x / (x + y)^2 = 113.5.
  expect(Math.abs(variation / 113.5 - 1)).toBeLessThan(0.15);
});

test('a batch arrives all at once', () => {
  const size = { kind: 'discrete', values: [2, 4] } as const;
  const times = timesOf({ kind: 'batch', of: { kind: 'fixed', ratePerSec: 1 }, size }, 3000);
  const counts = new Map<number, number>();
  for (const time of times.slice(0, -4)) counts.set(time, (counts.get(time) ?? 0) + 1);
  const sizes = [...counts.values()].slice(0, -1);
  expect(new Set(sizes)).toEqual(new Set([2, 4]));
  expect(Math.abs(meanAndVariation(sizes).mean - 3)).toBeLessThan(0.15);
  expect([...counts.keys()].slice(0, 2)).toEqual([1e6, 2e6]);
});

test('time never runs backwards and is whole', () => {
  const poisson: ArrivalSpec = { kind: 'poisson', ratePerSec: 300_000 };
  const specs: ArrivalSpec[] = [
    poisson,
    { kind: 'fixed', ratePerSec: 700_000 },
    { kind: 'diurnal', ratePerSec: 1e5, weights: [1, 2, 3] },
    { kind: 'bursts', states: [{ ratePerSec: 1e6, meanUs: 5 }] },
    { kind: 'batch', of: poisson, size: { kind: 'constant', value: 0.2 } },
  ];
  for (const spec of specs) {
    const times = timesOf(spec, 2000, 7);
    expect(times.every(Number.isInteger)).toBe(true);
    expect(Math.min(...gapsOf(times))).toBeGreaterThanOrEqual(0);
    expect(times[0]).toBeGreaterThanOrEqual(7);
  }
});

test.each<[ArrivalSpec, string]>([
  [{ kind: 'poisson', ratePerSec: 0 }, 'rate'],
  [{ kind: 'fixed', ratePerSec: Number.NaN }, 'rate'],
  [{ kind: 'diurnal', ratePerSec: 1, weights: [] }, 'zero'],
  [{ kind: 'diurnal', ratePerSec: 1, weights: [1, -1] }, 'negative'],
  [{ kind: 'diurnal', ratePerSec: 0, weights: [1] }, 'rate'],
  [{ kind: 'bursts', states: [] }, 'empty'],
  [{ kind: 'bursts', states: [{ ratePerSec: 1, meanUs: 0 }] }, 'mean time'],
  [{ kind: 'bursts', states: [{ ratePerSec: 0, meanUs: 1 }] }, 'zero'],
  [{ kind: 'batch', of: { kind: 'fixed', ratePerSec: 0 }, size: { kind: 'constant', value: 1 } }, 'rate'],
  [{ kind: 'batch', of: { kind: 'fixed', ratePerSec: 1 }, size: { kind: 'exponential', mean: 0 } }, 'mean'],
])('%j is refused because of its %s', (spec, word) => {
  expect(arrivalFault(spec)).toContain(word);
});
