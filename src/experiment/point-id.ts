// Stable names of points: the same values have the same id whatever else is in the grid, so that an interrupted or
// enlarged experiment finds the results it already has. Readable first, then a digest that makes them unique.
import { digestOf } from '../base/canonical-json.ts';

const READABLE_MAX = 60;

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
