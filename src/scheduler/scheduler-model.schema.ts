/** The `model.scheduler` of a scenario: what kube-scheduler's own configuration does not say. */
import { z } from 'zod';

export const schedulerModelSchema = z
  .strictObject({
    tieBreak: z
      .enum(['heap', 'random', 'first'])
      .optional()
      .describe(
        'Which of the nodes with the highest score is taken: the root of a heap (kube-scheduler since 1.37 and the default), any at random (earlier releases, and the default of a classic policy), or the first found',
      ),
    cores: z
      .int()
      .min(1, 'must be at least 1')
      .default(2)
      .describe('Cores that the scheduler has, for how long its cycles take'),
    speed: z
      .number()
      .positive('must be above 0')
      .default(1)
      .describe('How many times as fast as the machine on which the real scheduler was measured'),
  })
  .describe('How the scheduler behaves beyond its configuration.');

export type SchedulerModel = z.infer<typeof schedulerModelSchema>;
