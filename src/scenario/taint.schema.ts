/** A taint as Kubernetes writes it. */
import { z } from 'zod';

export const taintSchema = z
  .strictObject({
    key: z.string().min(1).describe('Key of the taint.'),
    value: z.string().optional().describe('Value of the taint.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe('What it does to pods without a toleration.'),
  })
  .describe('A taint.');
