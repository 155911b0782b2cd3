// Flags that all experiments have, and what they mean.

import { availableParallelism } from 'node:os';
import type { Options } from 'yargs';
import type { Precision, ReplicationRule } from '../../experiment/statistics/stopping.ts';
import {
  catalogOption,
  dataOption,
  forceOption,
  outOption,
  quietOption,
  seedOption,
  untilOption,
} from '../options.ts';
import { UsageError } from '../usage.ts';

export interface ExperimentArgs {
  readonly out: string | undefined;
  readonly seed: string | undefined;
  readonly until: string | undefined;
  readonly data: string | undefined;
  readonly catalog: string | undefined;
  readonly force: boolean;
  readonly resume: boolean;
  readonly quiet: boolean;
  readonly jobs: number | undefined;
  readonly engine: string | undefined;
}

export interface ReplicationArgs {
  readonly replications: number;
  readonly maxReplications: number | undefined;
  readonly confidence: number;
  readonly precision: readonly string[];
}

export interface MetricsArgs {
  readonly metrics: readonly string[];
}

export const experimentFlags = {
  out: outOption,
  seed: seedOption,
  until: untilOption,
  resume: {
    type: 'boolean',
    default: false,
    describe: 'Go on with the experiment in the folder: runs that are there are not made again',
  },
  jobs: {
    type: 'number',
    describe: 'Runs at once on this machine',
    defaultDescription: 'all cores',
  },
  engine: {
    type: 'string',
    describe: 'Runs are made by workers at this Redis, as in redis://host:6379 (see wavetank worker)',
  },
  force: forceOption,
  quiet: quietOption,
  data: dataOption,
  catalog: catalogOption,
} satisfies Record<string, Options>;

export const replicationFlags = {
  replications: { type: 'number', default: 10, describe: 'Replications of each point, at least' },
  'max-replications': {
    type: 'number',
    describe: 'Replications of each point, at most',
    defaultDescription: 'as --replications, or 1000 with --precision',
  },
  confidence: { type: 'number', default: 0.95, describe: 'Confidence of intervals and verdicts' },
  precision: {
    type: 'string',
    array: true,
    describe: 'Replicate until the interval of METRIC is ± this: METRIC=0.5 or METRIC=5%',
  },
} satisfies Record<string, Options>;

export const metricsFlag = {
  metrics: {
    type: 'string',
    array: true,
    describe: 'Metrics shown in the terminal; the CSV files have all',
  },
} satisfies Record<string, Options>;

/** @throws UsageError */
export function nJobsOf(jobs: number | undefined): number {
  return jobs === undefined ? availableParallelism() : wholeNumber('--jobs', jobs, 1);
}

function wholeNumber(flag: string, value: number, min: number): number {
  if (!Number.isInteger(value) || value < min)
    throw new UsageError(`${flag}: found ${value}, expected a whole number of at least ${min}`);
  return value;
}

/** Rule and precision of the flags. @throws UsageError */
export function replicationsOf(args: ReplicationArgs): {
  rule: ReplicationRule;
  confidence: number;
  precision: Record<string, Omit<Precision, 'confidence'>>;
} {
  const precision = Object.fromEntries(args.precision.map(precisionOf));
  const nMin = wholeNumber('--replications', args.replications, 1);
  const nMaxDefault = args.precision.length > 0 ? Math.max(1000, nMin) : nMin;
  const nMax = wholeNumber('--max-replications', args.maxReplications ?? nMaxDefault, nMin);
  return { rule: { nMin, nMax }, confidence: args.confidence, precision };
}

function precisionOf(text: string): [string, Omit<Precision, 'confidence'>] {
  const [, metric, number, percent] = /^([^=]+)=(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (metric === undefined)
    throw new UsageError(`--precision: found ${text}, expected METRIC=0.5 or METRIC=5%`);
  const width = Number(number);
  return [metric, percent === '%' ? { halfWidthRatio: width / 100 } : { halfWidthAbsolute: width }];
}
