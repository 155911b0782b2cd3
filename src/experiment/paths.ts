// Fields of a plain-data scenario by dotted path, as in `--scale workload.batch.rate`. An item of a list is named by
// its index, by its `name`, or, when only one item has that field, by the field alone.

import { InputError } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import { isRecord } from '../base/values.ts';

export type Path = readonly (string | number)[];

/** The value at a resolved path; undefined when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** A copy of `root` with `value` at a resolved path; what is not on the path is shared. */
export function withValueAt(root: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root))
    return root.map((item, i) => (i === Number(key) ? withValueAt(item, rest, value) : item));
  const record = isRecord(root) ? root : {};
  return { ...record, [key]: withValueAt(record[key], rest, value) };
}

function itemName(item: unknown): string | undefined {
  return isRecord(item) && typeof item.name === 'string' ? item.name : undefined;
}

/** Resolves one name inside a list to the steps that lead on; undefined when no item or several answer to it. */
function stepIntoList(list: readonly unknown[], name: string): Path | undefined {
  if (/^\d+$/.test(name)) return Number(name) < list.length ? [Number(name)] : undefined;
  const named = list.findIndex((item) => itemName(item) === name);
  if (named >= 0) return [named];
  const having = list.flatMap((item, i) => (isRecord(item) && Object.hasOwn(item, name) ? [i] : []));
  return having.length === 1 ? [having[0]!, name] : undefined;
}

/** What could have been written where a name was not found. */
function knownNames(value: unknown): string[] {
  if (isRecord(value)) return Object.keys(value);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => itemName(item) ?? (isRecord(item) ? Object.keys(item) : []));
}

/**
 * Resolves a dotted path to keys and indices. All but the last name must exist; the last may be a new field of an
 * object. Throws an InputError naming the nearest known field.
 */
export function resolvePath(root: unknown, dotted: string): Path {
  const names = dotted.split('.');
  const path: (string | number)[] = [];
  names.forEach((name, i) => {
    const value = valueAt(root, path);
    const isLast = i === names.length - 1;
    const exists = isRecord(value) && (Object.hasOwn(value, name) || isLast);
    const steps = exists ? [name] : Array.isArray(value) ? stepIntoList(value, name) : undefined;
    if (steps === undefined || name === '') throw unknownField(dotted, name, value);
    path.push(...steps);
  });
  return path;
}

function unknownField(dotted: string, name: string, value: unknown): InputError {
  const names = knownNames(value);
  const nearest = nearestName(name, names);
  const hint =
    nearest !== undefined
      ? `; did you mean "${nearest}"?`
      : names.length > 0
        ? `; there is ${names.join(', ')}`
        : '; nothing lies below';
  return new InputError([{ path: dotted, message: `there is no "${name}"${hint}` }]);
}
