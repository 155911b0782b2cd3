// Equality of plain JSON values, by content; keys that are undefined or null count as absent, as where JSON is decoded.

export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => deepEqual(item, b[i]))
    );
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(left))
    if (!deepEqual(left[key] ?? undefined, right[key] ?? undefined)) return false;
  for (const key of Object.keys(right))
    if ((left[key] ?? undefined) === undefined && (right[key] ?? undefined) !== undefined) return false;
  return true;
}
