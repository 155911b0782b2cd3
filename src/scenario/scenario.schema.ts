/**
 * The one definition of a scenario file: the parser, the JSON Schema for editors and docs/scenario.md come from it.
 */
import { z } from 'zod';
import { InputError } from '../base/errors.ts';
import { parseEpochUs } from '../kube/wall-clock.ts';
import { classicPolicy } from '../scheduler/classic/policy.schema.ts';
import { kubeSchedulerConfiguration } from '../scheduler/configuration.schema.ts';
import { positiveDurationText } from '../workload/notation.schema.ts';
import { workloadSchema } from '../workload/workload.schema.ts';
import { clusterSchema } from './cluster.schema.ts';
import { modelSchema } from './model.schema.ts';
import { planSchema } from './plan.schema.ts';
import { timelineSchema } from './timeline.schema.ts';

const startSchema = z
  .string()
  .superRefine((text, context) => {
    try {
      parseEpochUs(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  })
  .describe('Wall clock at virtual time 0, RFC 3339 with its zone; default 2026-01-05T00:00:00Z.');

const outputSchema = z
  .strictObject({
    sampleEvery: positiveDurationText
      .optional()
      .describe('Distance between rows of utilization.csv; default: about 500 rows a run.'),
  })
  .describe('What is written.');

export const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'lower-case letters, digits, "-" and "."')
      .max(100)
      .optional()
      .describe("Name of the run and of its folder under results/; default: the file's name."),
    description: z.string().optional().describe('What the scenario is about.'),
    seed: z.union([z.string(), z.int()]).default(1).describe('Seed of all randomness.'),
    start: startSchema.optional(),
    until: positiveDurationText
      .optional()
      .describe('When the run ends, in time since its start; absent: when nothing more will happen.'),
    cluster: clusterSchema,
    scheduler: z
      .union([z.string().min(1).describe('A file.'), kubeSchedulerConfiguration, classicPolicy])
      .optional()
      .describe(
        'A KubeSchedulerConfiguration or a classic policy, inline or its file; default: that of kube-scheduler.',
      ),
    workload: workloadSchema.default([]),
    timeline: timelineSchema.default([]),
    onActionError: z
      .enum(['continue', 'stop'])
      .default('continue')
      .describe(
        'What happens when an action of the timeline is refused: it is reported, and the run goes on or stops.',
      ),
    model: modelSchema.optional(),
    output: outputSchema.optional(),
    plan: planSchema.optional(),
  })
  .describe('A Wavetank scenario: a cluster, the work that comes to it, and what happens to both.');

export type ScenarioSpec = z.infer<typeof scenarioSchema>;
