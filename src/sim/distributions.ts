// Random variables by name and parameters, without units. The only file of the kernel with Math.log, exp and pow.
// Every draw takes exactly one number from its stream and grows with it (inverse transform), so that two variants of a scenario
// that share a stream stay in step.

import { assert } from '../base/assert.ts';
import type { RandomStream } from './random-streams.ts';

/** Plain data, as it stands in a scenario. */
export type DistributionSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** mu and sigma of the logarithm, or the median with the mean or the 99th percentile. */
  | { readonly kind: 'lognormal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'lognormal'; readonly p50: number; readonly p99: number }
  | { readonly kind: 'lognormal'; readonly p50: number; readonly mean: number }
  /** `mean` and `sd` are those before truncation to [min, max]. */
  | {
      readonly kind: 'normal';
      readonly mean: number;
      readonly sd: number;
      readonly min?: number | undefined;
      readonly max?: number | undefined;
    }
  /** Starts at `scale`; with `max`, the distribution conditional on staying below it. */
  | {
      readonly kind: 'pareto';
      readonly shape: number;
      readonly scale: number;
      readonly max?: number | undefined;
    }
  | { readonly kind: 'weibull'; readonly shape: number; readonly scale: number }
  /** A table of [probability, value] from probability 0 to 1, both rising; linear in between. */
  | { readonly kind: 'empirical'; readonly quantiles: readonly (readonly [number, number])[] }
  /** One of the values, equally likely unless weighted. */
  | {
      readonly kind: 'discrete';
      readonly values: readonly number[];
      readonly weights?: readonly number[] | undefined;
    }
  /** A rank from 1 to n with probability proportional to rank^-exponent. */
  | { readonly kind: 'zipf'; readonly n: number; readonly exponent: number };

type Kind = DistributionSpec['kind'];
type SpecOf<K extends Kind> = Extract<DistributionSpec, { kind: K }>;

interface Family<S> {
  /** What is wrong with the parameters, if anything. */
  fault(spec: S): string | undefined;
  mean(spec: S): number;
  /** The inverse of the distribution function; tables are built once. */
  quantile(spec: S): (u: number) => number;
}

/** The standard normal distribution function, to about 1e-15. Marsaglia, "Evaluating the Normal Distribution", 2004. */
export function normalCdf(x: number): number {
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum = sum * x + coefficients[i]!;
  return sum;
}

const CENTRE_NUMERATOR = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const CENTRE_DENOMINATOR = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const TAIL_NUMERATOR = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_DENOMINATOR = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** The inverse of the standard normal distribution function; relative error below 1.2e-9. P. J. Acklam's approximation, 2003. */
export function probit(p: number): number {
  if (p > 0.97575) return -probit(1 - p);
  if (p < 0.02425) {
    if (p <= 0) return Number.NEGATIVE_INFINITY;
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(q, TAIL_NUMERATOR) / polynomial(q, TAIL_DENOMINATOR);
  }
  const q = p - 0.5;
  return (q * polynomial(q * q, CENTRE_NUMERATOR)) / polynomial(q * q, CENTRE_DENOMINATOR);
}

const Z99 = probit(0.99);

/** The probit of the middle of the step of 2^-32 that `u` stands for: never infinite. */
function standardNormal(u: number): number {
  return probit(u + 2 ** -33);
}

/** Euler's gamma function for x > 0, to about 1e-14. Lanczos' approximation with g = 7. */
function gamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  let sum = 0.9999999999998099;
  for (let i = 0; i < coefficients.length; i++) sum += coefficients[i]! / (x + i);
  const t = x + 6.5;
  return Math.sqrt(2 * Math.PI) * Math.exp((x - 0.5) * Math.log(t) - t) * sum;
}

function logParameters(spec: SpecOf<'lognormal'>): { mu: number; sigma: number } {
  if ('mu' in spec) return spec;
  const mu = Math.log(spec.p50);
  if ('p99' in spec) return { mu, sigma: (Math.log(spec.p99) - mu) / Z99 };
  return { mu, sigma: Math.sqrt(2 * (Math.log(spec.mean) - mu)) };
}

function normalBounds(spec: SpecOf<'normal'>): { low: number; high: number; pLow: number; pHigh: number } {
  const low = ((spec.min ?? Number.NEGATIVE_INFINITY) - spec.mean) / spec.sd;
  const high = ((spec.max ?? Number.POSITIVE_INFINITY) - spec.mean) / spec.sd;
  return { low, high, pLow: normalCdf(low), pHigh: normalCdf(high) };
}

function meanOfNormal(spec: SpecOf<'normal'>): number {
  if (spec.sd === 0) return spec.mean;
  const { low, high, pLow, pHigh } = normalBounds(spec);
  return spec.mean + (spec.sd * (normalDensity(low) - normalDensity(high))) / (pHigh - pLow);
}

function quantileOfNormal(spec: SpecOf<'normal'>): (u: number) => number {
  const { mean, sd, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
  if (sd === 0) return () => mean;
  const { pLow, pHigh } = normalBounds(spec);
  return (u) => Math.min(max, Math.max(min, mean + sd * probit(pLow + (u + 2 ** -33) * (pHigh - pLow))));
}

/** The share of the unbounded distribution that lies below `max`. */
function paretoShare({ shape, scale, max }: SpecOf<'pareto'>): number {
  return max === undefined ? 1 : 1 - (scale / max) ** shape;
}

function meanOfPareto(spec: SpecOf<'pareto'>): number {
  const { shape, scale, max } = spec;
  if (max === undefined) return shape > 1 ? (shape * scale) / (shape - 1) : Number.POSITIVE_INFINITY;
  const untruncated =
    shape === 1
      ? scale * Math.log(max / scale)
      : ((shape * scale) / (shape - 1)) * (1 - (scale / max) ** (shape - 1));
  return untruncated / paretoShare(spec);
}

function meanOfTable(quantiles: SpecOf<'empirical'>['quantiles']): number {
  let sum = 0;
  for (let i = 1; i < quantiles.length; i++) {
    const [p0, v0] = quantiles[i - 1]!;
    const [p1, v1] = quantiles[i]!;
    sum += ((p1 - p0) * (v0 + v1)) / 2;
  }
  return sum;
}

function quantileOfTable(quantiles: SpecOf<'empirical'>['quantiles']): (u: number) => number {
  const ps = Float64Array.from(quantiles, ([p]) => p);
  const values = Float64Array.from(quantiles, ([, value]) => value);
  return (u) => {
    const i = firstAbove(ps, u);
    const p0 = ps[i - 1]!;
    return values[i - 1]! + ((u - p0) / (ps[i]! - p0)) * (values[i]! - values[i - 1]!);
  };
}

/** The first position whose entry is greater than u, in a rising list whose last entry is. */
function firstAbove(rising: Float64Array, u: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

function weightsOf(spec: SpecOf<'discrete'>): readonly number[] {
  return spec.weights ?? spec.values.map(() => 1);
}

function zipfWeights({ n, exponent }: SpecOf<'zipf'>): number[] {
  return Array.from({ length: n }, (_, i) => (i + 1) ** -exponent);
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i]! * weights[i]!;
    total += weights[i]!;
  }
  return sum / total;
}

/** Picks a position with probability proportional to its weight. */
function weightedPick(weights: readonly number[]): (u: number) => number {
  const cumulative = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) cumulative[i] = total += weights[i]!;
  return (u) => firstAbove(cumulative, u * total);
}

function ranks(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1);
}

const FAMILIES: { [K in Kind]: Family<SpecOf<K>> } = {
  constant: {
    fault: () => undefined,
    mean: (s) => s.value,
    quantile: (s) => () => s.value,
  },
  uniform: {
    fault: (s) => (s.min <= s.max ? undefined : 'min is greater than max'),
    mean: (s) => (s.min + s.max) / 2,
    quantile: (s) => (u) => s.min + u * (s.max - s.min),
  },
  exponential: {
    fault: (s) => (s.mean > 0 ? undefined : 'mean must be positive'),
    mean: (s) => s.mean,
    quantile: (s) => (u) => -s.mean * Math.log(1 - u),
  },
  lognormal: {
    fault(s) {
      if ('mu' in s) return s.sigma >= 0 ? undefined : 'sigma must not be negative';
      if (!(s.p50 > 0)) return 'p50 must be positive';
      if ('p99' in s) return s.p99 >= s.p50 ? undefined : 'p99 is less than p50';
      return s.mean >= s.p50 ? undefined : 'mean is less than p50';
    },
    mean(s) {
      const { mu, sigma } = logParameters(s);
      return Math.exp(mu + (sigma * sigma) / 2);
    },
    quantile(s) {
      const { mu, sigma } = logParameters(s);
      return (u) => Math.exp(mu + sigma * standardNormal(u));
    },
  },
  normal: {
    fault(s) {
      if (!(s.sd >= 0)) return 'sd must not be negative';
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = s;
      if (s.sd === 0) return min <= s.mean && s.mean <= max ? undefined : 'mean is outside of min and max';
      if (!(min < max)) return 'min must be less than max';
      const { pLow, pHigh } = normalBounds(s);
      return pHigh - pLow > 1e-6 ? undefined : 'min and max leave out nearly everything';
    },
    mean: meanOfNormal,
    quantile: quantileOfNormal,
  },
  pareto: {
    fault(s) {
      if (!(s.shape > 0 && s.scale > 0)) return 'shape and scale must be positive';
      return s.max === undefined || s.max > s.scale ? undefined : 'max must be greater than scale';
    },
    mean: meanOfPareto,
    quantile(s) {
      const share = paretoShare(s);
      return (u) => s.scale * (1 - u * share) ** (-1 / s.shape);
    },
  },
  weibull: {
    fault: (s) => (s.shape > 0 && s.scale > 0 ? undefined : 'shape and scale must be positive'),
    mean: (s) => s.scale * gamma(1 + 1 / s.shape),
    quantile: (s) => (u) => s.scale * (-Math.log(1 - u)) ** (1 / s.shape),
  },
  empirical: {
    fault({ quantiles }) {
      if (quantiles.length < 2) return 'quantiles needs at least two points';
      if (quantiles[0]![0] !== 0 || quantiles.at(-1)![0] !== 1)
        return 'quantiles must run from probability 0 to 1';
      const rises = quantiles.every(
        ([p, v], i) => i === 0 || (p > quantiles[i - 1]![0] && v >= quantiles[i - 1]![1]),
      );
      return rises ? undefined : 'probabilities and values must rise';
    },
    mean: (s) => meanOfTable(s.quantiles),
    quantile: (s) => quantileOfTable(s.quantiles),
  },
  discrete: {
    fault(s) {
      if (s.values.length === 0) return 'values is empty';
      const weights = weightsOf(s);
      if (weights.length !== s.values.length) return 'weights and values differ in length';
      if (weights.some((w) => !(w >= 0))) return 'weights must not be negative';
      return weights.some((w) => w > 0) ? undefined : 'all weights are zero';
    },
    mean: (s) => weightedMean(s.values, weightsOf(s)),
    quantile(s) {
      const pick = weightedPick(weightsOf(s));
      return (u) => s.values[pick(u)]!;
    },
  },
  zipf: {
    fault: (s) =>
      Number.isInteger(s.n) && s.n >= 1 && s.exponent >= 0
        ? undefined
        : 'n must be a whole number from 1, exponent 0 or more',
    mean: (s) => weightedMean(ranks(s.n), zipfWeights(s)),
    quantile(s) {
      const pick = weightedPick(zipfWeights(s));
      return (u) => pick(u) + 1;
    },
  },
};

function familyOf(spec: DistributionSpec): Family<DistributionSpec> {
  return FAMILIES[spec.kind] as Family<DistributionSpec>;
}

/** Why the parameters describe no distribution, or undefined when they do. */
export function distributionFault(spec: DistributionSpec): string | undefined {
  return familyOf(spec).fault(spec);
}

/** The expectation; Infinity where there is none. */
export function meanOf(spec: DistributionSpec): number {
  assert(distributionFault(spec) === undefined, 'mean of a faulty distribution');
  return familyOf(spec).mean(spec);
}

/** The value that a share `u` (0 up to, but not including, 1) of all draws stays below. */
export function quantileFunction(spec: DistributionSpec): (u: number) => number {
  const fault = distributionFault(spec);
  assert(fault === undefined, `faulty distribution: ${fault}`);
  return familyOf(spec).quantile(spec);
}

/** A function that draws from the distribution, one number of the stream per draw. */
export function sampler(spec: DistributionSpec, stream: RandomStream): () => number {
  const quantile = quantileFunction(spec);
  return () => quantile(stream.next());
}
