/** Which nodes an action of the timeline is about. */
import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1);

export const nodeTargetSchema = z
  .union([
    z.string().min(1).describe('Name of a node.'),
    names.describe('Names of nodes.'),
    z
      .strictObject({
        nodes: names.optional().describe('Names of nodes.'),
        group: z.string().min(1).optional().describe('All nodes of a node group.'),
        zone: z
          .string()
          .min(1)
          .optional()
          .describe('All nodes of a zone (label topology.kubernetes.io/zone).'),
        selector: z
          .record(z.string(), z.string())
          .optional()
          .describe('All nodes with these labels; together with group or zone only nodes that fit both.'),
        count: z
          .int()
          .min(1)
          .optional()
          .describe('Only the first so many of them, in the order they joined.'),
      })
      .refine(({ nodes, group, zone, selector }) => nodes ?? group ?? zone ?? selector, {
        message: 'say which nodes: nodes, group, zone or selector',
      })
      .describe('Nodes by group, zone or labels.'),
  ])
  .describe('Nodes: a name, a list of names, or a mapping with nodes, group, zone or selector.');

export type NodeTarget = z.infer<typeof nodeTargetSchema>;

/** The same with one form only. */
export interface NodeChoice {
  readonly nodes?: readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly zone?: string | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly count?: number | undefined;
}

export function nodeChoice(target: NodeTarget): NodeChoice {
  if (typeof target === 'string') return { nodes: [target] };
  return Array.isArray(target) ? { nodes: target } : target;
}
