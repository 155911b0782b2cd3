// The `apps` of a scenario's node model: what the programs in containers do.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import {
  type DistributionInput,
  distributionOf,
  durationDistribution,
} from '../workload/distribution.schema.ts';
import { cpuText, durationText, memoryText, positiveDurationText } from '../workload/notation.schema.ts';
import type { AppSpec } from './pods/apps.ts';
import type { CurveSpec } from './usage/curve.ts';

function curve(figure: typeof cpuText, between: string) {
  const points = z
    .array(
      z.strictObject({
        at: durationText.describe("Time since the container's start"),
        value: figure.describe('Figure from then on'),
      }),
    )
    .min(1)
    .refine(
      (list) => list.every(({ at }, i) => i === 0 || parseDurationUs(at) > parseDurationUs(list[i - 1]!.at)),
      'the times must rise',
    );
  const repeated = z
    .strictObject({
      points: points.describe('One figure for each time'),
      every: positiveDurationText.describe('The points start over after so long'),
    })
    .refine(
      ({ points: list, every }) => parseDurationUs(every) >= parseDurationUs(list.at(-1)!.at),
      'the curve must not start over before its last point',
    );
  return z
    .union([figure, points, repeated])
    .describe(`One figure, or points by the time since the container's start (${between})`);
}

type Figure = z.infer<typeof cpuText>;
type CurveInput = z.infer<ReturnType<typeof curve>>;

export const appSchema = z
  .strictObject({
    image: z.string().min(1).optional().describe('Only images of this name; * stands for any text'),
    container: z.string().min(1).optional().describe('Only containers of this name'),
    labels: z.record(z.string(), z.string()).optional().describe('Only pods with these labels'),
    startup: durationDistribution
      .optional()
      .describe('From the start of the process until it serves (probes pass); default: at once'),
    run: durationDistribution.optional().describe('The process ends by itself after so long'),
    exitCode: z.int().min(0).max(255).optional().describe('How it then ends; default 0'),
    crash: durationDistribution.optional().describe('It crashes with code 1 after so long'),
    hang: durationDistribution.optional().describe('It stops answering its probes after so long'),
    shutdown: durationDistribution
      .optional()
      .describe('From SIGTERM until it has ended, if it is let; default: at once'),
    preStop: durationDistribution
      .optional()
      .describe('How long a preStop hook takes that is not a sleep; default: no time'),
    postStart: durationDistribution.optional().describe('The same for a postStart hook'),
    cpu: curve(cpuText, 'each value holds until the next').optional(),
    memory: curve(memoryText, 'straight lines in between').optional(),
    storage: curve(memoryText, 'logs and the writable layer, straight lines in between').optional(),
    usageFactor: z
      .strictObject({
        min: z.number().min(0).describe('Least factor'),
        max: z.number().min(0).describe('Greatest factor'),
      })
      .refine(({ min, max }) => min <= max, 'min must not exceed max')
      .optional()
      .describe("Each pod's usage is multiplied by a number drawn evenly between these; default 1"),
  })
  .describe(
    'A program: the first entry that fits a container says how it behaves. A container that none fits serves at ' +
      'once, runs until it is stopped, and uses what it requests.',
  );

type AppInput = z.infer<typeof appSchema>;

const TIMES = ['startup', 'run', 'crash', 'hang', 'shutdown', 'preStop', 'postStart'] as const;

function curveSpec(input: CurveInput, parse: (figure: Figure) => number, isStep: boolean): CurveSpec {
  if (typeof input !== 'object') return { points: [[0, parse(input)]], isStep };
  const { points, every } = Array.isArray(input) ? { points: input, every: undefined } : input;
  return {
    points: points.map(({ at, value }) => [parseDurationUs(at), parse(value)] as const),
    isStep,
    ...(every !== undefined && { repeatUs: parseDurationUs(every) }),
  };
}

/** The entry in microseconds, millicores and bytes. */
export function appSpec(input: AppInput): AppSpec {
  const { image, container, labels, exitCode, cpu, memory, storage, usageFactor } = input;
  const times = TIMES.filter((name) => input[name] !== undefined).map((name) => [
    name,
    distributionOf(input[name] as DistributionInput, parseDurationUs),
  ]);
  return {
    ...(image !== undefined && { image }),
    ...(container !== undefined && { container }),
    ...(labels !== undefined && { labels }),
    ...(exitCode !== undefined && { exitCode }),
    ...Object.fromEntries(times),
    ...(cpu !== undefined && { cpu: curveSpec(cpu, parseMilli, true) }),
    ...(memory !== undefined && { memory: curveSpec(memory, parseValue, false) }),
    ...(storage !== undefined && { storage: curveSpec(storage, parseValue, false) }),
    ...(usageFactor && { usageFactor: { kind: 'uniform', ...usageFactor } }),
  };
}
