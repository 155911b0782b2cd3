/** The `cluster` of a scenario: which nodes there are at the start. */
import { z } from 'zod';
import { durationText } from '../workload/notation.schema.ts';
import { type GroupParts, nodeGroupProblems } from './check-node-group.ts';
import { taintSchema } from './taint.schema.ts';

const quantity = z.union([z.string(), z.number()]);
const stringMap = z.record(z.string(), z.string());

const N_NODES_MAX = 1_000_000;

interface GroupNodes extends GroupParts {
  readonly instanceType?: string | undefined;
}

/** Groups and the pools of plans. */
export function checkNodes(group: GroupNodes, context: z.RefinementCtx): void {
  if (group.instanceType === undefined && group.allocatable === undefined) {
    context.addIssue({ code: 'custom', message: 'give either instanceType or allocatable' });
    return;
  }
  for (const { path, message } of nodeGroupProblems(group)) {
    context.addIssue({ code: 'custom', path: [...path], message });
  }
}

export const nodeGroupSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and dashes')
      .max(50)
      .describe('Name of the group (pool); its nodes are called name-0, name-1, …'),
    count: z.int().min(0).max(N_NODES_MAX).describe('How many nodes the group starts with.'),
    instanceType: z
      .string()
      .min(1)
      .optional()
      .describe('A type of the catalogue, which gives allocatable, capacity, labels and price.'),
    allocatable: z
      .record(z.string(), quantity)
      .optional()
      .describe(
        'What pods can use of a node: cpu, memory, ephemeral-storage, pods (default 110), extended resources. With an instanceType only what differs from it.',
      ),
    capacity: z
      .record(z.string(), quantity)
      .optional()
      .describe('The whole machine; default as allocatable.'),
    labels: stringMap.optional().describe('Labels beside hostname, zone, region, instance type and group.'),
    taints: z.array(taintSchema).optional().describe('Taints of every node.'),
    zones: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Node i stands in zone i modulo the number of zones.'),
    region: z.string().min(1).optional().describe('Region of all nodes.'),
    pricePerHour: z.number().min(0).optional().describe('What a node costs an hour; absent: unknown.'),
    images: z.array(z.string().min(1)).optional().describe('Images that lie on every node from the start.'),
    readyAfter: durationText
      .optional()
      .describe('How long a node that is added later takes to become Ready; default 0s.'),
  })
  .superRefine(checkNodes)
  .describe('Equal nodes.');

export const clusterSchema = z
  .strictObject({
    nodeGroups: z
      .array(nodeGroupSchema)
      .superRefine((groups, context) => {
        const names = groups.map(({ name }) => name);
        names.forEach((name, i) => {
          if (names.indexOf(name) === i) return;
          context.addIssue({ code: 'custom', path: [i, 'name'], message: `two groups named ${name}` });
        });
      })
      .optional()
      .describe('Groups of equal nodes.'),
    snapshot: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'Files with the objects of a running cluster, as `kubectl get nodes,pods,… -o json` prints them.',
      ),
    catalog: z
      .string()
      .min(1)
      .optional()
      .describe('A CSV file of instance types beside the built-in catalogue.'),
  })
  .describe('The nodes at the start.');

export type ClusterSpec = z.infer<typeof clusterSchema>;
export type NodeGroupSpec = z.infer<typeof nodeGroupSchema>;
