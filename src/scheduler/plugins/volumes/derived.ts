/** Something worked out from all objects of one kind, worked out anew when the kind has changed. */
import type { ClusterObjects } from '../../../cluster/objects.ts';
import type { KubeObject } from '../../../kube/types.ts';

export function derivedFrom<T extends KubeObject, R>(
  kind: string,
  derive: (objects: readonly T[]) => R,
): (objects: ClusterObjects) => R {
  const known = new WeakMap<ClusterObjects, { readonly version: number; readonly result: R }>();
  return (objects) => {
    const version = objects.version(kind);
    let entry = known.get(objects);
    if (entry?.version !== version) {
      entry = { version, result: derive(objects.list<T>(kind)) };
      known.set(objects, entry);
    }
    return entry.result;
  };
}

/** Objects by a text, in order of arrival; '' = in no group. */
export function grouped<T>(
  objects: readonly T[],
  keyOf: (object: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const object of objects) {
    const key = keyOf(object);
    if (key === '') continue;
    const group = groups.get(key);
    if (group) group.push(object);
    else groups.set(key, [object]);
  }
  return groups;
}
