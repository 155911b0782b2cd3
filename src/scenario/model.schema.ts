/** The `model` of a scenario: how the control plane and the nodes behave. */
import { z } from 'zod';
import { nodeModelSchema } from '../node/node.schema.ts';

export const modelSchema = z
  .strictObject({
    controlPlane: z
      .enum(['calibrated', 'instant'])
      .default('calibrated')
      .describe(
        'calibrated: API calls, commits and watches take time; instant: the same steps without delays',
      ),
    node: nodeModelSchema.optional(),
  })
  .describe('How the control plane and the nodes behave.');
