import { describe, expect, test } from 'vitest';
import {
  type DistributionSpec,
  distributionFault,
  meanOf,
  normalCdf,
  probit,
  quantileFunction,
  sampler,
} from './distributions.ts';
import { RandomStreams } from './random-streams.ts';

/** Spec, expectation, median: retyped from the closed forms. */
const CASES: [string, DistributionSpec, number, number][] = [
  ['a constant', { kind: 'constant', value: 3 }, 3, 3],
  ['a uniform', { kind: 'uniform', min: 2, max: 6 }, 4, 4],
  ['an exponential', { kind: 'exponential', mean: 5 }, 5, 5 * Math.LN2],
  ['a lognormal by mu and sigma', { kind: 'lognormal', mu: 1, sigma: 0.5 }, Math.exp(1.125), Math.E],
  ['a lognormal by two percentiles', { kind: 'lognormal', p50: 10, p99: 40 }, 11.943, 10],
  ['a lognormal by median and mean', { kind: 'lognormal', p50: 10, mean: 15 }, 15, 10],
  ['a normal', { kind: 'normal', mean: 7, sd: 2 }, 7, 7],
  ['a half-normal', { kind: 'normal', mean: 0, sd: 1, min: 0 }, Math.sqrt(2 / Math.PI), 0.674489750196],
  ['a normal cut on both sides alike', { kind: 'normal', mean: 4, sd: 2, min: 3, max: 5 }, 4, 4],
  ['a normal without spread', { kind: 'normal', mean: 4, sd: 0 }, 4, 4],
  ['a pareto', { kind: 'pareto', shape: 3, scale: 2 }, 3, 2 * Math.cbrt(2)],
  ['a bounded pareto', { kind: 'pareto', shape: 1, scale: 1, max: 10 }, Math.log(10) / 0.9, 1 / 0.55],
  [
    'a bounded pareto of shape 2',
    { kind: 'pareto', shape: 2, scale: 1, max: 2 },
    4 / 3,
    Math.sqrt(1 / 0.625),
  ],
  [
    'a weibull',
    { kind: 'weibull', shape: 2, scale: 3 },
    (3 * Math.sqrt(Math.PI)) / 2,
    3 * Math.sqrt(Math.LN2),
  ],
  [
    'a table',
    {
      kind: 'empirical',
      quantiles: [
        [0, 0],
        [0.5, 1],
        [1, 5],
      ],
    },
    1.75,
    1,
  ],
  ['values with weights', { kind: 'discrete', values: [1, 2, 4], weights: [1, 2, 1] }, 2.25, 2],
  ['values without weights', { kind: 'discrete', values: [1, 2, 6] }, 3, 2],
  ['a zipf', { kind: 'zipf', n: 3, exponent: 1 }, 18 / 11, 1],
];

describe.each(CASES)('%s', (_name, spec, mean, median) => {
  test('has the mean and the median of its closed form', () => {
    expect(distributionFault(spec)).toBeUndefined();
    expect(meanOf(spec) / mean).toBeCloseTo(1, 4);
    expect(quantileFunction(spec)(0.5) / median).toBeCloseTo(1, 6);
  });

  test('draws samples around that mean, one number of the stream each', () => {
    const streams = new RandomStreams('distributions');
    const stream = streams.open(JSON.stringify(spec));
    let nDrawn = 0;
    const next = () => {
      nDrawn++;
      return stream.next();
    };
    const draw = sampler(spec, { ...stream, next });
    const n = 40_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const value = draw();
      sum += value;
      squares += value * value;
    }
    const sd = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    expect(Math.abs(sum / n - meanOf(spec))).toBeLessThanOrEqual((4.5 * sd) / Math.sqrt(n) + 1e-9);
    expect(nDrawn).toBe(n);
  });

  test('never falls as its uniform number rises, and is finite at both ends', () => {
    const quantile = quantileFunction(spec);
    const values = [0, 2 ** -32, 0.001, 0.02, 0.024, 0.025, 0.3, 0.7, 0.97, 0.98, 0.999, 1 - 2 ** -32].map(
      quantile,
    );
    expect(values.every(Number.isFinite)).toBe(true);
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]!);
  });
});

test.each([
  [1.959963984540054, 0.975],
  [-1.2815515655446004, 0.1],
  [3.0902323061678132, 0.999],
  [-4.264890793922825, 0.00001],
])('the normal distribution function at %d is %d, and probit inverts it', (z, p) => {
  expect(Math.abs(normalCdf(z) - p)).toBeLessThan(1e-14);
  expect(Math.abs(probit(p) - z)).toBeLessThan(1e-8);
});

test('the 99th percentile asked for is the one drawn', () => {
  expect(quantileFunction({ kind: 'lognormal', p50: 10, p99: 40 })(0.99)).toBeCloseTo(40, 5);
});

test('truncation keeps all draws inside', () => {
  const draw = sampler({ kind: 'normal', mean: 0, sd: 10, min: -1, max: 2 }, new RandomStreams(1).open('n'));
  const drawn = Array.from({ length: 5000 }, draw);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(2);
  expect(Math.max(...drawn)).toBeGreaterThan(1.99);
});

test('a pareto of shape 1 or less has no mean', () => {
  expect(meanOf({ kind: 'pareto', shape: 1, scale: 1 })).toBe(Number.POSITIVE_INFINITY);
});

test.each<[DistributionSpec, string]>([
  [{ kind: 'uniform', min: 2, max: 1 }, 'min'],
  [{ kind: 'exponential', mean: 0 }, 'mean'],
  [{ kind: 'lognormal', mu: 0, sigma: -1 }, 'sigma'],
  [{ kind: 'lognormal', p50: 0, p99: 1 }, 'p50'],
  [{ kind: 'lognormal', p50: 2, p99: 1 }, 'p99'],
  [{ kind: 'lognormal', p50: 2, mean: 1 }, 'mean'],
  [{ kind: 'normal', mean: 0, sd: -1 }, 'sd'],
  [{ kind: 'normal', mean: 0, sd: 1, min: 3, max: 2 }, 'min'],
  [{ kind: 'normal', mean: 0, sd: 1, min: 7 }, 'nearly everything'],
  [{ kind: 'normal', mean: 0, sd: 0, min: 7 }, 'outside'],
  [{ kind: 'pareto', shape: 0, scale: 1 }, 'shape'],
  [{ kind: 'pareto', shape: 1, scale: 1, max: 1 }, 'max'],
  [{ kind: 'weibull', shape: 1, scale: 0 }, 'scale'],
  [{ kind: 'empirical', quantiles: [[0, 1]] }, 'two points'],
  [
    {
      kind: 'empirical',
      quantiles: [
        [0, 1],
        [0.9, 2],
      ],
    },
    '0 to 1',
  ],
  [
    {
      kind: 'empirical',
      quantiles: [
        [0, 3],
        [1, 2],
      ],
    },
    'rise',
  ],
  [{ kind: 'discrete', values: [] }, 'empty'],
  [{ kind: 'discrete', values: [1], weights: [1, 2] }, 'length'],
  [{ kind: 'discrete', values: [1], weights: [-1] }, 'negative'],
  [{ kind: 'discrete', values: [1], weights: [0] }, 'zero'],
  [{ kind: 'zipf', n: 0, exponent: 1 }, 'n must'],
])('%j is refused because of %s', (spec, word) => {
  expect(distributionFault(spec)).toContain(word);
});
