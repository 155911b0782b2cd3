// What an admission plugin of pods is.

import type { PodShape } from '../../kube/pod-shape.ts';
import type { PodSpec } from '../../kube/types.ts';

/** Why no pod of a shape is admitted; the chain adds the pod's name. */
export class Refusal {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** Answers the same object when there is nothing to change. */
export type ShapePlugin = (shape: PodShape) => PodShape | Refusal;

export function withSpec(shape: PodShape, changes: Partial<PodSpec>): PodShape {
  return { ...shape, spec: { ...shape.spec, ...changes } };
}
