// Random variables in a scenario: the families of sim/distributions.ts, with figures in the unit's own notation.
// A figure alone is a constant.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import { type DistributionSpec, distributionFault } from '../sim/distributions.ts';
import { cpuText, durationText, memoryText } from './notation.schema.ts';

type Figure = string | number;
type FigureSchema = z.ZodType<Figure, Figure>;

function families(figure: FigureSchema) {
  const weights = z.array(z.number().min(0)).describe('Relative weight of each value; equal unless given.');
  const shape = z.number().positive().describe('Shape parameter; smaller means a heavier tail.');
  const scale = figure.describe('Scale parameter, in the unit of the quantity.');
  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('constant').describe('Always the same value.'),
      value: figure.describe('The value.'),
    }),
    z.strictObject({
      kind: z.literal('uniform').describe('Any value between two bounds.'),
      min: figure.describe('Least value.'),
      max: figure.describe('Greatest value.'),
    }),
    z.strictObject({
      kind: z.literal('exponential').describe('Memoryless; standard deviation equals the mean.'),
      mean: figure.describe('Mean value.'),
    }),
    z.strictObject({
      kind: z
        .literal('lognormal')
        .describe('The usual shape of run times; give p99 or the mean beside the median.'),
      p50: figure.describe('Median.'),
      p99: figure.optional().describe('99th percentile.'),
      mean: figure.optional().describe('Mean value.'),
    }),
    z.strictObject({
      kind: z.literal('normal').describe('Bell curve, cut off at the bounds.'),
      mean: figure.describe('Mean before the cut.'),
      sd: figure.describe('Standard deviation before the cut.'),
      min: figure.describe('Least value.').optional(),
      max: figure.describe('Greatest value.').optional(),
    }),
    z.strictObject({
      kind: z.literal('pareto').describe('Power-law tail above the scale.'),
      shape,
      scale: scale.describe('Least value.'),
      max: figure.optional().describe('Greatest value; unbounded unless given.'),
    }),
    z.strictObject({
      kind: z.literal('weibull').describe('Exponential for shape 1, heavier tail below.'),
      shape,
      scale,
    }),
    z.strictObject({
      kind: z.literal('empirical').describe('A table of quantiles, linear in between.'),
      quantiles: z
        .array(z.tuple([z.number().min(0).max(1), figure]))
        .describe('Pairs of probability and value, from probability 0 to 1, both rising.'),
    }),
    z.strictObject({
      kind: z.literal('discrete').describe('One of some values.'),
      values: z.array(figure).describe('The values.'),
      weights: weights.optional(),
    }),
  ]);
}

type Family = z.infer<ReturnType<typeof families>>;
export type DistributionInput = Figure | Family;

/** The distribution in the unit that `parse` reads figures in. Only for input that the schema has accepted. */
export function distributionOf(input: DistributionInput, parse: (text: Figure) => number): DistributionSpec {
  if (typeof input !== 'object') return { kind: 'constant', value: parse(input) };
  const { kind } = input;
  if (kind === 'empirical') {
    return { kind, quantiles: input.quantiles.map(([p, value]) => [p, parse(value)] as const) };
  }
  if (kind === 'discrete') {
    return { kind, values: input.values.map(parse), ...(input.weights ? { weights: input.weights } : {}) };
  }
  const figures = Object.entries(input).map(([key, value]) =>
    key === 'kind' || key === 'shape' || value === undefined ? [key, value] : [key, parse(value)],
  );
  return Object.fromEntries(figures) as DistributionSpec;
}

function distribution(figure: FigureSchema, parse: (text: Figure) => number) {
  return z.union([figure, families(figure)]).superRefine((input, context) => {
    if (
      typeof input === 'object' &&
      input.kind === 'lognormal' &&
      (input.p99 === undefined) === (input.mean === undefined)
    ) {
      context.addIssue({ code: 'custom', message: 'a lognormal needs p99 or mean beside p50, not both' });
      return;
    }
    const fault = faultOf(input, parse);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}

/** Undefined also where a figure cannot be read: its own schema reports that. */
function faultOf(input: DistributionInput, parse: (text: Figure) => number): string | undefined {
  try {
    return distributionFault(distributionOf(input, parse));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export const durationDistribution = distribution(durationText, parseDurationUs);
export const cpuDistribution = distribution(cpuText, parseMilli);
export const memoryDistribution = distribution(memoryText, parseValue);
/** Whole numbers from 1, without a unit. */
export const countDistribution = distribution(z.number().min(1), Number);
