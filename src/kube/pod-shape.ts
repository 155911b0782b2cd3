// What the pods of one template have in common. Pods are numerous, templates are not, so everything that is worked
// out from a template (requests, priority, selector matches) is worked out once per shape.

import type { PodSpec, StringMap } from './types.ts';

/** A shape shared by many pods, never changed: the same object identity means the same pod class. */
export interface PodShape {
  readonly namespace: string;
  readonly labels: StringMap;
  readonly annotations?: StringMap;
  readonly spec: PodSpec;
}
