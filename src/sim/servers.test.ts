import { expect, test } from 'vitest';
import { BugError } from '../base/assert.ts';
import { arrivalProcess } from './arrivals.ts';
import { type DistributionSpec, meanOf, sampler } from './distributions.ts';
import { RandomStreams } from './random-streams.ts';
import { Station } from './servers.ts';
import { Simulation } from './simulation.ts';

test('customers are served in order by the server that is free first', () => {
  const station = new Station(2);
  expect([station.admit(0, 10), station.admit(0, 4), station.admit(1, 5), station.admit(1, 1)]).toEqual([
    10, 4, 9, 10,
  ]);
  expect(station.startUs).toBe(9);
  expect([station.admit(50, 0), station.busyUs]).toEqual([50, 20]);
  expect(() => station.admit(49, 1)).toThrow(BugError);
});

/** Runs a queue on the kernel; answers batch means of the waiting time (us). */
function waits(nServers: number, ratePerSec: number, service: DistributionSpec, seed: string): number[] {
  const nBatches = 40;
  const batchSize = 20_000;
  const streams = new RandomStreams(seed);
  const draw = sampler(service, streams.open('service'));
  const arrivals = arrivalProcess({ kind: 'poisson', ratePerSec }, streams.open('arrivals'));
  const station = new Station(nServers);
  const sums = new Float64Array(nBatches + 1);
  const sim = new Simulation({ priorities: { arrive: 0 } });
  let n = 0;
  const arrive = sim.defineKind('arrive', () => {
    station.admit(sim.nowUs, draw());
    // The first batch warms the queue up.
    sums[Math.floor(n++ / batchSize)]! += station.startUs - sim.nowUs;
    if (n < (nBatches + 1) * batchSize) sim.at(arrivals.next(sim.nowUs), arrive);
  });
  sim.at(0, arrive);
  sim.advance(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return [...sums.subarray(1)].map((sum) => sum / batchSize);
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** Erlang C: the probability of waiting with c servers and an offered load of a. */
function erlangC(c: number, a: number): number {
  const last = (a ** c / factorial(c)) * (c / (c - a));
  let sum = last;
  for (let k = 0; k < c; k++) sum += a ** k / factorial(k);
  return last / sum;
}

const MEAN_US = 10_000;
const exponential: DistributionSpec = { kind: 'exponential', mean: MEAN_US };
const lognormal: DistributionSpec = { kind: 'lognormal', mu: Math.log(MEAN_US) - 0.125, sigma: 0.5 };

/** Pollaczek-Khinchine for one server: variation is the squared coefficient of variation of the service time. */
function pollaczekKhinchine(load: number, variation: number): number {
  return ((load * (1 + variation)) / (2 * (1 - load))) * MEAN_US;
}

test.each<[string, number, number, DistributionSpec, number]>([
  ['M/M/1 at load 0.7', 1, 0.7, exponential, pollaczekKhinchine(0.7, 1)],
  ['M/D/1 at load 0.8', 1, 0.8, { kind: 'constant', value: MEAN_US }, pollaczekKhinchine(0.8, 0)],
  ['M/G/1 (lognormal) at load 0.7', 1, 0.7, lognormal, pollaczekKhinchine(0.7, Math.exp(0.25) - 1)],
  ['M/M/4 at load 0.8', 4, 0.8, exponential, (erlangC(4, 3.2) * MEAN_US) / (4 - 3.2)],
  ['M/M/20 at load 0.9', 20, 0.9, exponential, (erlangC(20, 18) * MEAN_US) / (20 - 18)],
])('%s waits as long as theory says', (name, nServers, load, service, expected) => {
  expect(meanOf(service) / MEAN_US).toBeCloseTo(1, 9);
  const batches = waits(nServers, (load * nServers * 1e6) / MEAN_US, service, name);
  const mean = batches.reduce((sum, w) => sum + w, 0) / batches.length;
  const variance = batches.reduce((sum, w) => sum + (w - mean) ** 2, 0) / (batches.length - 1);
  // 99.9 % of Student's t with 39 degrees of freedom.
  const halfWidth = 3.56 * Math.sqrt(variance / batches.length);
  expect(Math.abs(mean - expected)).toBeLessThan(halfWidth);
  expect(halfWidth / expected).toBeLessThan(0.15);
});
