/** The `cluster` of a scenario: which nodes there are at the start. */
import { z } from 'zod';
import { durationText } from '../workload/notation.schema.ts';

const quantity = z.union([z.string(), z.number()]);
const stringMap = z.record(z.string(), z.string());

const taint = z.strictObject({
  key: z.string().min(1),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

export const nodeGroupSchema = z
  .strictObject({
    name: z.string().min(1).describe('Name of the group (pool); nodes are called name-0, name-1, …'),
    count: z.int().min(0).describe('How many nodes the group starts with'),
    instanceType: z
      .string()
      .optional()
      .describe('A type of the catalogue, which gives allocatable, labels and price'),
    allocatable: z
      .record(z.string(), quantity)
      .optional()
      .describe('What pods can use of a node: cpu, memory, pods (default 110), extended resources'),
    capacity: z
      .record(z.string(), quantity)
      .optional()
      .describe('The whole machine; default: as allocatable'),
    labels: stringMap.optional().describe('Labels beside hostname, zone, instance type and group'),
    taints: z.array(taint).optional(),
    zones: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Node i stands in zone i modulo the number of zones'),
    region: z.string().optional(),
    pricePerHour: z.number().min(0).optional().describe('What a node costs an hour; absent = unknown'),
    images: z.array(z.string()).optional().describe('Container images that lie on every node from the start'),
    readyAfter: durationText
      .optional()
      .describe('How long a node that is added takes to become Ready; default 0s'),
  })
  .refine(({ instanceType, allocatable }) => instanceType !== undefined || allocatable !== undefined, {
    message: 'give either instanceType or allocatable',
  });

export const clusterSchema = z
  .strictObject({
    nodeGroups: z.array(nodeGroupSchema).optional().describe('Groups of equal nodes'),
    snapshot: z
      .array(z.string().min(1))
      .optional()
      .describe('Files with Kubernetes objects of a running cluster (`kubectl get nodes,pods -o json`)'),
    catalog: z.string().optional().describe('A CSV file of instance types beside the built-in catalogue'),
  })
  .describe('The nodes at the start.');

export type ClusterSpec = z.infer<typeof clusterSchema>;
export type NodeGroupSpec = z.infer<typeof nodeGroupSchema>;
