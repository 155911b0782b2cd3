/** Each status field, sampled every second, takes the recorded value within the tolerance, or jumps over it. */
import type { Tolerance } from './compare-pods.ts';
import { type Findings, keysOf } from './findings.ts';
import { isEqual, type Point, passes, statusSeries, valueAt } from './status-series.ts';
import type { Timeline } from './timeline.ts';

/** Seconds for kinds whose controller retries on stale caches. */
const SLOW_S: Readonly<Record<string, number>> = { EndpointSlice: 3 };

export function compareStatus(a: Timeline, b: Timeline, tolerance: Tolerance, findings: Findings): void {
  const recorded = statusSeries(a);
  const simulated = statusSeries(b);
  for (const key of keysOf(recorded, simulated)) {
    const x = recorded.get(key);
    const y = simulated.get(key);
    const { kind, name } = (x ?? y)!;
    for (const field of keysOf(x?.fields ?? new Map(), y?.fields ?? new Map())) {
      const points: Pair = [x?.fields.get(field) ?? [], y?.fields.get(field) ?? []];
      const apartS = largestDelayS(points);
      if (apartS > 0) findings.apart(kind, name, apartS, field);
      const mismatch = firstMismatch(points, tolerance, SLOW_S[kind] ?? 0);
      if (mismatch !== undefined) findings.differ(kind, name, `${field} ${mismatch}`);
    }
  }
}

type Pair = readonly [readonly Point[], readonly Point[]];

function firstMismatch([x, y]: Pair, { allowedS, lastS }: Tolerance, slowS: number): string | undefined {
  for (let tenth = 5; tenth < Math.trunc(lastS * 10); tenth += 10) {
    const t = tenth / 10;
    const nearS = Math.max(allowedS(t), slowS);
    const a = valueAt(x, t);
    const b = valueAt(y, t);
    if (isEqual(a, b) || passes(y, t, nearS, a) || passes(x, t, nearS, b)) continue;
    return `at ${t.toFixed(1)} s: recorded ${JSON.stringify(a)}, simulated ${JSON.stringify(b)}`;
  }
  return undefined;
}

/** The largest delay between equal changes, where both sides take the same values in the same order. */
function largestDelayS([x, y]: Pair): number {
  const [a, b] = [changes(x), changes(y)];
  if (a.length !== b.length || !a.every(({ value }, i) => isEqual(value, b[i]!.value))) return 0;
  return Math.max(0, ...a.map(({ t }, i) => Math.abs(t - b[i]!.t)));
}

function changes(points: readonly Point[]): Point[] {
  return points.filter(({ value }, i) => i === 0 || !isEqual(value, points[i - 1]!.value));
}
