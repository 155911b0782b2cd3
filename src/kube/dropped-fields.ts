// What `kubectl apply` takes away: fields that the object had when it was last applied, and that it now lacks.
// Source: apimachinery pkg/util/strategicpatch (CreateThreeWayMergePatch), kubectl pkg/cmd/apply, 1.37.

import { isRecord } from '../base/values.ts';
import { isMergedValues, mergeKey } from './apply-patch.ts';

type Json = Record<string, unknown>;

/** A strategic merge patch that removes what `before` has and `after` has not; empty for nothing. */
export function droppedFields(before: object, after: object): object {
  return droppedMembers(before as Json, after as Json, '');
}

function droppedMembers(before: Json, after: Json, name: string): Json {
  const patch: Json = {};
  for (const [field, value] of Object.entries(before)) {
    const next = after[field] ?? undefined;
    if (next === undefined) patch[field] = null;
    else if (isRecord(value) && isRecord(next)) {
      const members = droppedMembers(value, next, field);
      if (Object.keys(members).length > 0) patch[field] = members;
    } else if (Array.isArray(value) && Array.isArray(next))
      Object.assign(patch, droppedOf(value, next, field, name));
  }
  return patch;
}

/** Lists that are replaced as a whole need nothing. */
function droppedOf(
  before: readonly unknown[],
  after: readonly unknown[],
  field: string,
  parent: string,
): Json {
  if (isMergedValues(field)) {
    const gone = before.filter((value) => !after.includes(value));
    return gone.length > 0 ? { [`$deleteFromPrimitiveList/${field}`]: gone } : {};
  }
  const key = mergeKey(field, parent);
  if (key === undefined) return {};
  const items = before.filter(isRecord).flatMap((item) => droppedItem(item, after, field, key));
  return items.length > 0 ? { [field]: items } : {};
}

function droppedItem(item: Json, after: readonly unknown[], field: string, key: string): Json[] {
  const name = item[key];
  const next = after.find((other) => isRecord(other) && other[key] === name);
  if (!isRecord(next)) return [{ [key]: name, $patch: 'delete' }];
  const members = droppedMembers(item, next, field);
  return Object.keys(members).length > 0 ? [{ ...members, [key]: name }] : [];
}
