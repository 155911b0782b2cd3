// The `trace` entries of a scenario's workload: recorded work read from CSV files.

import { z } from 'zod';
import { cpuText, durationText, memoryText } from './notation.schema.ts';
import { podBase } from './pod-base.schema.ts';
import { CPU_UNITS, DURATION_UNITS, MEMORY_UNITS, TIME_UNITS } from './traces/units.ts';

const common = {
  onBadRow: z
    .enum(['fail', 'skip'])
    .optional()
    .describe('What a wrong row does: end the run (default), or be left out and counted.'),
  sort: z
    .boolean()
    .optional()
    .describe('Reads the whole file and orders it by time; without it a row out of order is a wrong row.'),
  start: durationText.optional().describe('When the first row arrives; default 0s.'),
  timeScale: z
    .number()
    .positive()
    .optional()
    .describe('Multiplies the distances between arrivals (0.5 doubles the load); run times are kept.'),
  pod: podBase.optional(),
};
const file = z
  .string()
  .min(1)
  .describe('The CSV file (.gz accepted), relative to the scenario or the data folder.');

export const openbSchema = z.strictObject({
  trace: z.literal('openb').describe('The openb trace of pods that share GPUs.'),
  pods: file.describe('The pod list (.gz accepted), relative to the scenario or the data folder.'),
  nodes: file.optional().describe('The node list; its nodes are added to the cluster.'),
  departures: z
    .boolean()
    .optional()
    .describe(
      'Pods leave after their recorded running time; by default they stay, as in the published experiments.',
    ),
  interval: durationText
    .optional()
    .describe('Distance between arrivals in the order of the file, instead of the recorded times.'),
  ...common,
});

export const surfSchema = z.strictObject({
  trace: z.literal('surf').describe("The SURF batch trace; every task takes a whole host of SURF's."),
  file,
  ...common,
});

export const phillySchema = z.strictObject({
  trace: z.literal('philly').describe('The Philly GPU jobs.'),
  file,
  gpusPerNode: z.int().min(1).optional().describe('A job with more GPUs becomes several pods; default 8.'),
  gpuResource: z.string().min(1).optional().describe('What a GPU is requested as; default nvidia.com/gpu.'),
  cpuPerGpu: cpuText.optional().describe('CPU requested with each GPU; default none (the trace tells none).'),
  memoryPerGpu: memoryText.optional().describe('Memory requested with each GPU; default none.'),
  ...common,
});

const column = z.string().min(1);

/** A column's name alone, or with its unit. */
function measured<U extends readonly [string, ...string[]]>(units: U, unitDefault: U[number]) {
  const unit = z.enum(units).optional().describe(`Unit of the figures; default ${unitDefault}.`);
  return z.union([column, z.strictObject({ column: column.describe('Name in the header.'), unit })]);
}

export const csvSchema = z.strictObject({
  trace: z.literal('csv').describe('Any CSV file with a header; its columns are named here.'),
  file,
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes only')
    .optional()
    .describe('First part of the names of pods without a name column; default csv.'),
  delimiter: z.string().length(1).optional().describe('What separates fields; default a comma.'),
  columns: z
    .strictObject({
      name: column.optional().describe('Name of the job, unique in the file; default: by line.'),
      submit: measured(TIME_UNITS, 's').describe('When the job arrives; `timestamp` is RFC 3339.'),
      duration: measured(DURATION_UNITS, 's').optional().describe('How long its pods run; empty: for ever.'),
      cpu: measured(CPU_UNITS, 'cores').optional().describe('CPU request of each pod.'),
      memory: measured(MEMORY_UNITS, 'bytes').optional().describe('Memory request of each pod.'),
      gpu: z
        .union([
          column,
          z.strictObject({
            column: column.describe('Name in the header.'),
            resource: z
              .string()
              .min(1)
              .describe('What a GPU is requested as; default nvidia.com/gpu.')
              .optional(),
          }),
        ])
        .optional()
        .describe('Whole GPUs of each pod.'),
      count: column.optional().describe('Number of equal pods of the job; default 1.'),
      namespace: column.optional().describe('Namespace of the pods.'),
      priorityClass: column.optional().describe('priorityClassName of the pods.'),
      labels: z.record(z.string(), column).optional().describe('Label keys and the columns of their values.'),
    })
    .describe('Which column means what.'),
  ...common,
});

export const traceSchema = z
  .discriminatedUnion('trace', [openbSchema, surfSchema, phillySchema, csvSchema])
  .describe('Recorded work, replayed.');

export type TraceSpec = z.infer<typeof traceSchema>;
export type CsvSpec = z.infer<typeof csvSchema>;
