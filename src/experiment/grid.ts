// A grid of settings from a base scenario and an overlay of the same shape: every list in the overlay is an axis and
// its items are the values (a list-valued field is therefore set by a list of lists). Keys of the overlay may be
// dotted paths, and below a list of the base they name its items.

import { InputError } from '../base/errors.ts';
import { isRecord } from '../base/values.ts';
import type { Point } from './experiment.ts';
import { type Path, resolvePath, withValueAt } from './paths.ts';
import { pointId } from './point-id.ts';

/** Grids above this size must be confirmed. */
export const MAX_POINTS = 10_000;

export interface Axis {
  /** Dotted, as written. */
  readonly name: string;
  readonly path: Path;
  readonly values: readonly unknown[];
}

export interface Grid {
  readonly axes: readonly Axis[];
  /** The last axis varies fastest. */
  readonly points: readonly Point[];
}

/** A value as text for tables: scalars as they are, objects by their name, else by position on the axis. */
function valueLabel(value: unknown, index: number): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isRecord(value) && typeof value.name === 'string') return value.name;
  return `#${index}`;
}

interface Leaf {
  readonly name: string;
  readonly value: unknown;
}

function leaves(overlay: Readonly<Record<string, unknown>>, prefix: string): Leaf[] {
  return Object.entries(overlay).flatMap(([key, value]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return isRecord(value) ? leaves(value, name) : [{ name, value }];
  });
}

function axisProblem(axis: Axis): string | undefined {
  if (axis.values.length === 0) return 'has no values: the grid would be empty';
  const texts = axis.values.map((value) => JSON.stringify(value));
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  return twice === undefined ? undefined : `has the value ${twice} twice`;
}

function checkAxes(axes: readonly Axis[], isConfirmed: boolean): void {
  if (axes.length === 0)
    throw new InputError('the grid is empty: no field of the sweep has a list of values');
  const problems = axes.flatMap((axis) => {
    const message = axisProblem(axis);
    return message === undefined ? [] : [{ path: axis.name, message }];
  });
  if (problems.length > 0) throw new InputError(problems);
  const nPoints = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (nPoints > MAX_POINTS && !isConfirmed) {
    throw new InputError(`the grid has ${nPoints} points, more than ${MAX_POINTS}: confirm with --yes`);
  }
}

/**
 * Expands `overlay` over `base`. Throws an InputError for an unknown path, an empty grid or axis, a value given twice,
 * and more than {@link MAX_POINTS} points unless `yes`.
 */
export function expandGrid(base: unknown, overlay: Readonly<Record<string, unknown>>, yes = false): Grid {
  let setting = base;
  const axes: Axis[] = [];
  for (const { name, value } of leaves(overlay, '')) {
    const path = resolvePath(setting, name);
    if (Array.isArray(value)) axes.push({ name, path, values: value });
    else setting = withValueAt(setting, path, value);
  }
  checkAxes(axes, yes);
  return { axes, points: combinations(axes, setting) };
}

function combinations(axes: readonly Axis[], base: unknown): Point[] {
  let partial: { values: Record<string, unknown>; labels: Record<string, string>; setting: unknown }[] = [
    { values: {}, labels: {}, setting: base },
  ];
  for (const { name, path, values: axisValues } of axes) {
    partial = partial.flatMap(({ values, labels, setting }) =>
      axisValues.map((value, i) => ({
        values: { ...values, [name]: value },
        labels: { ...labels, [name]: valueLabel(value, i) },
        setting: withValueAt(setting, path, value),
      })),
    );
  }
  return partial.map(({ values, labels, setting }) => ({ id: pointId(values), labels, setting }));
}
