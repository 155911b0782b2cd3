// The `generator` entries of a scenario's workload: pods made by chance.

import { z } from 'zod';
import {
  countDistribution,
  cpuDistribution,
  durationDistribution,
  memoryDistribution,
} from './distribution.schema.ts';
import { durationText, positiveDurationText, rateText } from './notation.schema.ts';
import { podBase } from './pod-base.schema.ts';

const rate = rateText.describe('Mean arrivals per time, as in "120/h" or a number per second.');

export const arrivalProcess = z
  .discriminatedUnion('process', [
    z.strictObject({
      process: z.literal('poisson').describe('Independent arrivals.'),
      rate,
    }),
    z.strictObject({
      process: z
        .literal('fixed')
        .describe('Arrivals at equal distances, the first one distance after the start.'),
      rate,
    }),
    z.strictObject({
      process: z.literal('diurnal').describe('Independent arrivals whose rate follows a curve over the day.'),
      rate: rateText.describe('Mean arrivals per time over a whole day, as in "120/h".'),
      curve: z
        .array(z.number().min(0))
        .min(2)
        .refine((values) => values.some((value) => value > 0), 'at least one value must be above 0')
        .describe(
          'Relative rate at equally spaced times of the day (24 values: every hour, from virtual time 0), linear in between.',
        ),
    }),
    z.strictObject({
      process: z
        .literal('bursts')
        .describe('Independent arrivals whose rate jumps between two states (MMPP-2).'),
      rate: rateText.describe('Arrivals per time in the calm state.'),
      burstRate: rateText.describe('Arrivals per time in the burst state.'),
      calm: positiveDurationText.describe('Mean length of a calm spell (exponential).'),
      burst: positiveDurationText.describe('Mean length of a burst (exponential).'),
    }),
    z.strictObject({
      process: z.literal('batch').describe('Many pods at one instant, again and again.'),
      every: positiveDurationText.describe('Distance of the batches; the first comes at the start.'),
      size: countDistribution.describe('Pods of a batch; drawn sizes are rounded, at least 1.'),
    }),
    z.strictObject({
      process: z
        .literal('closed')
        .describe('Users who wait until their pod has finished, think, and send the next.'),
      users: z.int().min(1).describe('Number of users.'),
      think: durationDistribution.describe(
        'Time between a finished pod and the next one; also before the first.',
      ),
    }),
  ])
  .describe('When pods arrive.');

export const podTemplate = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes only')
    .max(63)
    .describe('Name of the template; pods are reported by it.'),
  weight: z.number().min(0).optional().describe('Relative frequency; default 1. Not with `zipf`.'),
  cpu: cpuDistribution
    .optional()
    .describe('CPU request. Drawn sizes are put on a grid: 1, 1.5, 2, 3, 4, 6, … cores.'),
  memory: memoryDistribution
    .optional()
    .describe('Memory request. Drawn sizes are put on a grid: 1, 1.5, 2, 3, 4, 6, … MiB.'),
  duration: durationDistribution.optional().describe('How long the pod runs; without it, it never finishes.'),
  pod: podBase.optional(),
});

export const generatorSchema = z
  .strictObject({
    generator: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes only')
      .max(200)
      .describe('Name of the generator, unique in the scenario; pods are `<name>-<number>`.'),
    arrivals: arrivalProcess,
    templates: z.array(podTemplate).min(1).describe('Kinds of pods to choose from.'),
    zipf: z
      .number()
      .min(0)
      .optional()
      .describe(
        'Chooses the k-th template with a probability proportional to k^-zipf, instead of by weights.',
      ),
    start: durationText.optional().describe('When arrivals begin; default 0s.'),
    end: durationText.optional().describe('No arrival at or after this time; default: the end of the run.'),
    limit: z.int().min(1).optional().describe('No more pods than this.'),
  })
  .superRefine((spec, context) => {
    const names = spec.templates.map((template) => template.name);
    for (const [i, template] of spec.templates.entries()) {
      const at = ['templates', i];
      if (names.indexOf(template.name) < i) {
        context.addIssue({
          code: 'custom',
          path: [...at, 'name'],
          message: `two templates named ${template.name}`,
        });
      }
      if (spec.arrivals.process === 'closed' && template.duration === undefined) {
        const message = 'a closed loop needs pods that finish: give a duration';
        context.addIssue({ code: 'custom', path: at, message });
      }
      if (spec.zipf !== undefined && template.weight !== undefined) {
        context.addIssue({
          code: 'custom',
          path: [...at, 'weight'],
          message: 'weight and zipf exclude each other',
        });
      }
    }
    if (spec.templates.length > 0 && spec.templates.every((template) => template.weight === 0)) {
      context.addIssue({ code: 'custom', path: ['templates'], message: 'all weights are 0' });
    }
  })
  .describe('Pods made by chance: arrivals, sizes and run times from distributions, all from the seed.');

export type GeneratorSpec = z.infer<typeof generatorSchema>;
export type ArrivalSpec = GeneratorSpec['arrivals'];
export type TemplateSpec = GeneratorSpec['templates'][number];
