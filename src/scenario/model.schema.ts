/** The `model` of a scenario: how the control plane, the scheduler and the nodes behave. */
import { z } from 'zod';
import { nodeModelSchema } from '../node/node.schema.ts';
import { schedulerModelSchema } from '../scheduler/scheduler-model.schema.ts';

export const modelSchema = z
  .strictObject({
    controlPlane: z
      .enum(['calibrated', 'instant'])
      .default('calibrated')
      .describe(
        'calibrated: API calls, commits and watches take time; instant: the same steps without delays',
      ),
    node: nodeModelSchema.optional(),
    scheduler: schedulerModelSchema.optional(),
  })
  .describe('How the control plane, the scheduler and the nodes behave.');
