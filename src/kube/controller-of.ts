// Who an object belongs to.

import type { KubeObject, OwnerReference } from './types.ts';

/** The one owner that looks after the object; others merely keep it from being collected. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}
