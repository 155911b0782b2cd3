/** Arguments of NodeAffinity (kubescheduler.config.k8s.io/v1 NodeAffinityArgs). */
import { z } from 'zod';

const requirement = z.strictObject({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
  values: z.array(z.string()).optional(),
});

const term = z.strictObject({
  matchExpressions: z.array(requirement).optional(),
  matchFields: z.array(requirement).optional(),
});

export const nodeAffinityArgs = z.strictObject({
  addedAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({ nodeSelectorTerms: z.array(term) })
        .optional(),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.strictObject({ weight: z.int().min(1).max(100), preference: term }))
        .optional(),
    })
    .optional()
    .describe('Node affinity that every pod of the profile gets on top of its own'),
});

export type NodeAffinityArgs = z.infer<typeof nodeAffinityArgs>;
