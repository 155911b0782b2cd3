// Stable names of points: the same values have the same id whatever else is in the grid, so that an interrupted or
// enlarged experiment finds the results it already has. Readable first, then a digest that makes them unique.
import { Hash64 } from '../base/hash.ts';
import { compareStrings } from '../base/orders.ts';

const READABLE_MAX = 60;

/** JSON with the keys of objects in code point order: equal data, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => compareStrings(a, b)));
  });
}

/** Sixteen hexadecimal digits of plain data. */
export function digestOf(value: unknown): string {
  const hash = new Hash64();
  hash.addString(canonicalJson(value));
  return hash.digest();
}

function readable(name: string, value: unknown): string {
  const field = name.slice(name.lastIndexOf('.') + 1);
  const text = typeof value === 'object' ? '' : `=${String(value)}`;
  return `${field}${text}`.replaceAll(/[^A-Za-z0-9=.+-]+/g, '-');
}

/** An id for the point with these values by axis; letters, digits and `=.+_-` only. */
export function pointId(values: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(values)
    .map(([name, value]) => readable(name, value))
    .join('_');
  return `${text.slice(0, READABLE_MAX)}_${digestOf(values).slice(0, 8)}`;
}
