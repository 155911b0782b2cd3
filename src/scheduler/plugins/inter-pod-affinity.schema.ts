/** Arguments of InterPodAffinity (kubescheduler.config.k8s.io/v1 InterPodAffinityArgs). */
import { z } from 'zod';

const WEIGHT_RANGE = 'not in valid range [0, 100]';

export const interPodAffinityArgs = z.strictObject({
  hardPodAffinityWeight: z
    .int()
    .min(0, WEIGHT_RANGE)
    .max(100, WEIGHT_RANGE)
    .default(1)
    .describe("Weight in the score of existing pods' required affinity terms that match the pod"),
  ignorePreferredTermsOfExistingPods: z
    .boolean()
    .default(false)
    .describe("Leave existing pods' terms out of the score of pods without preferred terms of their own"),
});

export type InterPodAffinityArgs = z.infer<typeof interPodAffinityArgs>;
