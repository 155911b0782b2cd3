/** The `plan` of a scenario: which nodes may be bought, what the cluster must achieve, and what is minimized. */
import { z } from 'zod';
import { checkNodes, nodeGroupSchema } from './cluster.schema.ts';

const { count: _, ...groupFields } = nodeGroupSchema.shape;
const N_NODES_MAX = 100_000;
const nNodes = z.int().min(0).max(N_NODES_MAX);
const ratio = z.number().min(0).max(1);

const poolSchema = z
  .strictObject({
    ...groupFields,
    min: nNodes.default(0).describe('Nodes that are there in any case.'),
    max: nNodes.default(1000).describe('Nodes at most.'),
    spotShare: ratio.default(0).describe('Share of the nodes that are bought on the spot market, 0 to 1.'),
    spotPricePerHour: z.number().min(0).optional().describe('What a spot node costs an hour.'),
  })
  .superRefine(checkNodes)
  .superRefine(({ min, max, spotShare, spotPricePerHour }, context) => {
    const say = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (min > max) say('max', `found ${max}, expected at least the minimum of ${min}`);
    if (spotShare > 0 && spotPricePerHour === undefined)
      say('spotPricePerHour', 'is missing: a share of spot nodes needs their price');
  })
  .describe('Equal nodes that may be bought; the fields of a node group, with limits instead of a count.');

const weights = z
  .strictObject({
    cost: z.number().min(0).default(0).describe('Weight of the cost per hour.'),
    nodes: z.number().min(0).default(0).describe('Weight of the number of nodes.'),
  })
  .refine(({ cost, nodes }) => cost + nodes > 0, 'one of the weights must be positive');

export const planSchema = z
  .strictObject({
    pools: z.array(poolSchema).default([]).describe('Pools that may be bought.'),
    instanceTypes: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Types of the catalogue that may be bought, a pool each: names, patterns (m6i.*), a provider (aws, azure, gcp, custom) or an architecture (amd64, arm64); with a ! before it, these not. ["*"] is all of it. Where the cost counts, types without a price are left out unless they are named.',
      ),
    zones: z.array(z.string().min(1)).min(1).optional().describe('Zones of the pools of instanceTypes.'),
    prefix: z
      .boolean()
      .default(false)
      .describe(
        'Instead of pools: how many of the nodes that manifests, a snapshot or a trace list are needed, in their order?',
      ),
    objectives: z
      .array(z.string().min(1))
      .default(['pods.pending <= 0'])
      .describe(
        'What must hold, as METRIC <= VALUE or METRIC >= VALUE: "latency.scheduling.p99 <= 5s", "utilization.cpu.max <= 80%", "queue.unschedulable.max <= 0" (nobody waits at any time).',
      ),
    survive: z
      .array(z.enum(['node', 'zone', 'upgrade']))
      .default([])
      .describe(
        'No pod stays pending when the fullest node of any pool is lost, any one zone is lost, or any pool is upgraded node by node.',
      ),
    headroom: z.number().min(0).max(100).default(0).describe('So much more must fit: 0.2 is 20 %.'),
    growth: z
      .strictObject({
        perMonth: z.number().min(-0.99).max(10).describe('0.05 is 5 % a month.'),
        months: z.number().min(0).max(600).describe('How many months ahead.'),
      })
      .optional()
      .describe('Growth of all workloads that the scenario starts with.'),
    copies: z.number().positive().default(1).describe('Multiplies the replicas of all these workloads.'),
    minimize: z
      .union([z.enum(['cost', 'nodes']), weights])
      .default('cost')
      .describe('Cost per hour, number of nodes, or a weighted sum.'),
    replications: z
      .strictObject({
        min: z.int().min(1).default(1).describe('At least so many.'),
        max: z.int().min(1).default(1).describe('At most so many.'),
      })
      .default({ min: 1, max: 1 })
      .describe(
        'Replications of a cluster until the verdict is certain; one is enough where nothing is random.',
      ),
    confidence: z.number().gt(0).lt(1).default(0.95).describe('Confidence of verdicts.'),
    gap: ratio.default(0).describe('Good enough: ends when the answer is so near to the lower bound.'),
    clusters: z.int().min(1).max(100_000).default(60).describe('Clusters judged at most while improving.'),
  })
  .refine(
    ({ prefix, pools, instanceTypes }) => !prefix || pools.length + instanceTypes.length === 0,
    'the nodes are either the first of those listed (prefix), or those of pools and instanceTypes',
  )
  .describe('What `wavetank plan` looks for.');

export type PlanSpec = z.infer<typeof planSchema>;
export type PoolSpec = PlanSpec['pools'][number];
