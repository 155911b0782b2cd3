/** A taint as Kubernetes writes it. */
import { z } from 'zod';
import { labelKeyText, labelValueText } from './kube-names.schema.ts';

export const taintSchema = z
  .strictObject({
    key: labelKeyText.describe('Key of the taint.'),
    value: labelValueText.optional().describe('Value of the taint.'),
    effect: z
      .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])
      .describe('What it does to pods without a toleration.'),
  })
  .describe('A taint.');
