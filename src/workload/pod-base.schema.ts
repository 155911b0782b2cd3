// The part of a pod that the pods of a trace or a generator have in common, in Kubernetes' own form.
// A pod made from it is checked as Kubernetes checks pods, so unknown fields and wrong values are found at once.

import { z } from 'zod';
import type { KubeObject } from '../kube/types.ts';
import { validateObject } from '../kube/validate.ts';
import { DEFAULT_CONTAINER } from './shape.ts';

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
  .superRefine((base, context) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...base.metadata, name: 'pod' },
      spec: { containers: [DEFAULT_CONTAINER], ...base.spec },
    };
    for (const { path, message } of validateObject(pod as KubeObject)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  })
  .describe('What all pods have in common, as in the template of a Job.');
