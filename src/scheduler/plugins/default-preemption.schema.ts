/** Arguments of DefaultPreemption (kubescheduler.config.k8s.io/v1). */
import { z } from 'zod';

const NOT_BOTH_ZERO = 'cannot be zero at the same time as minCandidateNodesAbsolute';

export const defaultPreemptionArgs = z
  .strictObject({
    minCandidateNodesPercentage: z
      .int()
      .min(0, 'not in valid range [0, 100]')
      .max(100, 'not in valid range [0, 100]')
      .default(10)
      .describe('Share of the nodes that may help which has to yield candidates before the search stops'),
    minCandidateNodesAbsolute: z
      .int()
      .min(0, 'not in valid range [0, inf)')
      .default(100)
      .describe('Candidates that are looked for at least'),
  })
  .refine((args) => args.minCandidateNodesPercentage > 0 || args.minCandidateNodesAbsolute > 0, {
    path: ['minCandidateNodesPercentage'],
    message: NOT_BOTH_ZERO,
  });

export type DefaultPreemptionArgs = z.infer<typeof defaultPreemptionArgs>;
