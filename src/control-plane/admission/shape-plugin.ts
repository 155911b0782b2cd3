// What an admission plugin of pods is.

import type { PodShape } from '../../kube/pod-shape.ts';
import type { PodSpec } from '../../kube/types.ts';
import type { Failure } from '../failure.ts';

/** Answers the same object when there is nothing to change. */
export type ShapePlugin = (shape: PodShape) => PodShape | Failure;

export function withSpec(shape: PodShape, changes: Partial<PodSpec>): PodShape {
  return { ...shape, spec: { ...shape.spec, ...changes } };
}
