// The part of a pod that the pods of a trace or a generator have in common, in Kubernetes' own form.
// Only its outline is checked here; the whole pod is checked as Kubernetes checks pods.

import { z } from 'zod';

const stringMap = z.record(z.string(), z.string());

export const podBase = z
  .strictObject({
    metadata: z
      .strictObject({
        namespace: z.string().optional().describe('Namespace of the pods; "default" unless given.'),
        labels: stringMap.optional().describe('Labels of the pods.'),
        annotations: stringMap.optional().describe('Annotations of the pods.'),
      })
      .optional()
      .describe('Metadata of the pods.'),
    spec: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'Any part of a PodSpec: tolerations, nodeSelector, affinity, priorityClassName, … Sizes go to its first container.',
      ),
  })
  .describe('What all pods have in common, as in the template of a Job.');
