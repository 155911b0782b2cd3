// One text for equal plain data, and its digest.

import { Hash64 } from './hash.ts';
import { compareStrings } from './orders.ts';

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
