/** Arguments of VolumeBinding (kubescheduler.config.k8s.io/v1). */
import { z } from 'zod';

const DEFAULT_SHAPE = [
  { utilization: 0, score: 10 },
  { utilization: 100, score: 0 },
];

const shapePoint = z.strictObject({
  utilization: z.int().min(0).max(100).describe('Percent of the capacity that the claims ask for'),
  score: z.int().min(0).max(10),
});

export const volumeBindingArgs = z.strictObject({
  bindTimeoutSeconds: z
    .int()
    .min(0, 'invalid BindTimeoutSeconds, should not be a negative value')
    .default(600)
    .describe('How long a binding cycle waits for volumes to be bound or made'),
  shape: z
    .array(shapePoint)
    .refine(
      (points) => points.every((point, i) => i === 0 || point.utilization > points[i - 1]!.utilization),
      'utilization values must be sorted in increasing order',
    )
    .transform((points) => (points.length === 0 ? DEFAULT_SHAPE : points))
    .default(DEFAULT_SHAPE)
    .describe('Score by utilization of volumes or storage capacity; the default prefers what is less used'),
});

export type VolumeBindingArgs = z.infer<typeof volumeBindingArgs>;
