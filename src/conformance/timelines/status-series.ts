/** What a timeline says of its objects' status over time, as step functions. */
import type { Timeline } from './timeline.ts';

export interface Point {
  readonly t: number;
  /** null: the object is gone; undefined: not known (yet). */
  readonly value: unknown;
}

/** The fields of one object, each sorted by time. */
export interface ObjectSeries {
  readonly kind: string;
  readonly name: string;
  readonly fields: Map<string, Point[]>;
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['desired', 'replicas', 'updated', 'ready', 'available', 'progressing'],
  ReplicaSet: ['desired', 'replicas', 'ready', 'available'],
  StatefulSet: ['desired', 'replicas', 'updated', 'ready'],
  DaemonSet: ['desired', 'current', 'updated', 'ready'],
  Job: ['active', 'succeeded', 'failed', 'condition'],
  CronJob: ['active'],
  PodDisruptionBudget: ['allowed', 'healthy', 'desired'],
  HorizontalPodAutoscaler: ['current', 'desired'],
  Node: ['ready', 'taints', 'unschedulable'],
};

/** By `kind name`. */
export function statusSeries(timeline: Timeline): Map<string, ObjectSeries> {
  const all = new Map<string, ObjectSeries>();
  for (const row of timeline.rows) {
    const { kind, name = '', gone, t } = row;
    const isSlice = kind === 'EndpointSlice';
    const fields = isSlice ? ['ready'] : FIELDS[kind];
    if (!fields || (isSlice && gone)) continue;
    const alias = timeline.alias(kind, name);
    const key = `${kind} ${alias}`;
    let series = all.get(key);
    if (!series) all.set(key, (series = { kind, name: alias, fields: new Map() }));
    for (const field of fields) {
      const value = gone ? null : isSlice ? (row.ready as unknown[]).length : (row[field] ?? null);
      const points = series.fields.get(field);
      if (points) points.push({ t, value });
      else series.fields.set(field, [{ t, value }]);
    }
  }
  for (const { fields } of all.values())
    for (const points of fields.values()) points.sort((a, b) => a.t - b.t);
  return all;
}

/** The value at a time; null before the first point. */
export function valueAt(points: readonly Point[], t: number): unknown {
  let value: unknown = null;
  for (const point of points) {
    if (point.t > t) break;
    value = point.value;
  }
  return value;
}

/** Does the step function take this value within `toleranceS` of `t`, or jump over it? */
export function passes(points: readonly Point[], t: number, toleranceS: number, value: unknown): boolean {
  const near = [valueAt(points, t - toleranceS)];
  for (const point of points) {
    if (t - toleranceS < point.t && point.t <= t + toleranceS) near.push(point.value);
  }
  if (near.some((one) => isEqual(one, value))) return true;
  const numbers = near.filter((one) => typeof one === 'number');
  if (typeof value !== 'number' || numbers.length === 0) return false;
  return Math.min(...numbers) <= value && value <= Math.max(...numbers);
}

/** Of strings, numbers, booleans, null and lists of strings. */
export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b));
}
