/** Arguments of PodTopologySpread (kubescheduler.config.k8s.io/v1 PodTopologySpreadArgs). */
import { z } from 'zod';

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const policy = z.enum(['Honor', 'Ignore']);

const defaultConstraint = z.strictObject({
  maxSkew: z.int().min(1, 'not in valid range (0, inf)'),
  topologyKey: z.string().min(1, 'can not be empty').regex(LABEL_KEY, 'must be a label key'),
  whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
  labelSelector: z
    .never('constraint must not define a selector, as they are deduced for each pod')
    .optional(),
  minDomains: z.int().min(1, 'must be greater than 0').optional(),
  nodeAffinityPolicy: policy.optional(),
  nodeTaintsPolicy: policy.optional(),
  matchLabelKeys: z.array(z.string()).optional(),
});

export const podTopologySpreadArgs = z
  .strictObject({
    defaultConstraints: z
      .array(defaultConstraint)
      .default([])
      .describe('Constraints of pods that have none of their own; only with defaultingType List'),
    defaultingType: z
      .enum(['System', 'List'])
      .default('System')
      .describe('System: soft constraints by host (skew 3) and by zone (skew 5); List: defaultConstraints'),
  })
  .superRefine(({ defaultConstraints, defaultingType }, context) => {
    if (defaultingType === 'System' && defaultConstraints.length > 0) {
      const message = 'must be List when .defaultConstraints are not empty';
      context.addIssue({ code: 'custom', path: ['defaultingType'], message });
    }
    const seen = new Set<string>();
    for (const [i, { topologyKey, whenUnsatisfiable }] of defaultConstraints.entries()) {
      const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
      if (seen.has(pair)) {
        context.addIssue({
          code: 'custom',
          path: ['defaultConstraints', i],
          message: `duplicate of ${pair}`,
        });
      }
      seen.add(pair);
    }
  });

export type PodTopologySpreadArgs = z.infer<typeof podTopologySpreadArgs>;
