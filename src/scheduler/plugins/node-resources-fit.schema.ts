/** Arguments of NodeResourcesFit and NodeResourcesBalancedAllocation (kubescheduler.config.k8s.io/v1). */
import { z } from 'zod';

const DEFAULT_RESOURCES = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

const resourceSpec = z.strictObject({
  name: z.string().min(1),
  weight: z.int().min(1, 'must be at least 1').max(100, 'must be at most 100').default(1),
});

const shapePoint = z.strictObject({
  utilization: z.int().min(0).max(100).describe('Percent of the allocatable amount that is requested'),
  score: z.int().min(0).max(10),
});

const shape = z
  .array(shapePoint)
  .min(1, 'at least one point must be specified')
  .refine(
    (points) => points.every((point, i) => i === 0 || point.utilization > points[i - 1]!.utilization),
    'utilization values must be sorted in increasing order',
  );

const scoringStrategy = z
  .strictObject({
    type: z.enum(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']).default('LeastAllocated'),
    resources: z.array(resourceSpec).default(DEFAULT_RESOURCES),
    requestedToCapacityRatio: z.strictObject({ shape }).optional(),
  })
  .refine(
    ({ type, requestedToCapacityRatio }) => type !== 'RequestedToCapacityRatio' || requestedToCapacityRatio,
    { path: ['requestedToCapacityRatio'], message: 'is required for the strategy RequestedToCapacityRatio' },
  );

export const nodeResourcesFitArgs = z.strictObject({
  ignoredResources: z.array(z.string()).default([]).describe('Extended resources that Filter leaves aside'),
  ignoredResourceGroups: z
    .array(z.string().regex(/^[^/]+$/, 'a resource group is what stands before the "/"'))
    .default([])
    .describe('Groups (the part before "/") of extended resources that Filter leaves aside'),
  scoringStrategy: scoringStrategy.default({ type: 'LeastAllocated', resources: DEFAULT_RESOURCES }),
});

export const nodeResourcesBalancedAllocationArgs = z.strictObject({
  resources: z
    .array(resourceSpec.refine(({ weight }) => weight === 1, 'the weight must be 1'))
    .default(DEFAULT_RESOURCES),
});

export type NodeResourcesFitArgs = z.infer<typeof nodeResourcesFitArgs>;
export type NodeResourcesBalancedAllocationArgs = z.infer<typeof nodeResourcesBalancedAllocationArgs>;
