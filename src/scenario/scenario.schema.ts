/**
 * The one definition of a scenario file: the parser, the JSON Schema for editors and docs/scenario.md come from it.
 */
import { z } from 'zod';
import { positiveDurationText } from '../workload/notation.schema.ts';
import { workloadSchema } from '../workload/workload.schema.ts';
import { clusterSchema } from './cluster.schema.ts';
import { modelSchema } from './model.schema.ts';

const outputSchema = z
  .strictObject({
    sampleEvery: positiveDurationText
      .optional()
      .describe('Distance between rows of utilization.csv; default: about 500 rows a run'),
  })
  .describe('What is written.');

export const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be lower-case letters, digits, "-" and "."')
      .optional()
      .describe("Name of the run and of its folder under results/; default: the file's name"),
    description: z.string().optional(),
    seed: z.union([z.string(), z.int()]).default(1).describe('Seed of all randomness'),
    start: z
      .string()
      .optional()
      .describe('Wall clock at virtual time 0, RFC 3339 with its zone; default 2026-01-05T00:00:00Z'),
    until: positiveDurationText
      .optional()
      .describe('When the run ends; absent: when nothing more will happen'),
    cluster: clusterSchema,
    workload: workloadSchema.default([]),
    model: modelSchema.optional(),
    output: outputSchema.optional(),
  })
  .describe('A Wavetank scenario: a cluster, the work that comes to it, and what happens to both.');

export type ScenarioSpec = z.infer<typeof scenarioSchema>;
