// The `workload` list of a scenario: where the work comes from. Sources run side by side; at one instant the source
// listed first goes first.

import { z } from 'zod';
import { generatorSchema } from './generator.schema.ts';
import { traceSchema } from './trace.schema.ts';

export const manifestsSchema = z
  .strictObject({
    manifests: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Files, folders or globs of Kubernetes manifests, relative to the scenario or the data folder.',
      ),
  })
  .describe('Kubernetes objects that are there from the start.');

export const simkubeSchema = z
  .strictObject({
    simkube: z
      .string()
      .min(1)
      .describe('A SimKube trace exported as JSON, relative to the scenario or the data folder.'),
  })
  .describe('What SimKube saw being applied to a cluster and deleted, replayed.');

export const workloadSchema = z
  .array(z.union([manifestsSchema, traceSchema, simkubeSchema, generatorSchema]))
  .superRefine((entries, context) => {
    const names = entries.map((entry) => ('generator' in entry ? entry.generator : undefined));
    for (const [i, name] of names.entries()) {
      if (name === undefined || names.indexOf(name) === i) continue;
      context.addIssue({ code: 'custom', path: [i, 'generator'], message: `two generators named ${name}` });
    }
  })
  .describe('Where the work comes from.');

export type WorkloadSpec = z.infer<typeof workloadSchema>;
