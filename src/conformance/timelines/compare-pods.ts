/** Pods are compared in groups: the sorted times of each transition one by one, the spread over nodes, and counts. */
import { compareStrings } from '../../base/orders.ts';
import { type Findings, keysOf } from './findings.ts';
import { type PodGroup, podLives } from './pod-lives.ts';
import type { Timeline } from './timeline.ts';

export interface Tolerance {
  /** Seconds that something at `t` may differ. */
  readonly allowedS: (t: number) => number;
  /** The end of what is compared. */
  readonly lastS: number;
}

const NO_GROUP: PodGroup = { times: new Map(), facts: new Map() };
const NONE: ReadonlyMap<string, number> = new Map();
const byTime = (a: number, b: number): number => a - b;

export function comparePods(a: Timeline, b: Timeline, tolerance: Tolerance, findings: Findings): void {
  const recorded = podLives(a);
  const simulated = podLives(b);
  for (const group of keysOf(recorded.groups, simulated.groups)) {
    const x = recorded.groups.get(group) ?? NO_GROUP;
    const y = simulated.groups.get(group) ?? NO_GROUP;
    for (const transition of keysOf(x.times, y.times)) {
      const times = [x, y].map(({ times: all }) => [...(all.get(transition) ?? [])].sort(byTime));
      compareTimes(group, transition, times as [number[], number[]], tolerance, findings);
    }
    compareFacts(group, x.facts, y.facts, findings);
  }
  for (const home of keysOf(recorded.places, simulated.places)) {
    const x = recorded.places.get(home) ?? NONE;
    comparePlaces(home, x, simulated.places.get(home) ?? NONE, findings);
  }
}

function compareTimes(
  group: string,
  transition: string,
  [x, y]: readonly [number[], number[]],
  { allowedS, lastS }: Tolerance,
  findings: Findings,
): void {
  const n = Math.min(x.length, y.length);
  const lone = [...x.slice(n), ...y.slice(n)].find((t) => t <= lastS);
  if (lone !== undefined) {
    const counts = `${transition}: ${x.length} recorded, ${y.length} simulated`;
    findings.differ('Pod', group, `${counts}; first without a partner at ${lone.toFixed(2)} s`);
  }
  for (let i = 0; i < n; i++) {
    const apartS = Math.abs(x[i]! - y[i]!);
    findings.apart('Pod', group, apartS, `${transition} #${i}`);
    if (apartS <= allowedS(x[i]!)) continue;
    const what = `${transition} #${i} of ${x.length}`;
    findings.differ('Pod', group, `${what}: recorded ${x[i]!.toFixed(2)} s, simulated ${y[i]!.toFixed(2)} s`);
    break;
  }
}

/** How many pods were ever unschedulable and so on: within 10 % (at least 1); images exactly. */
function compareFacts(
  group: string,
  x: ReadonlyMap<string, number>,
  y: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  for (const fact of keysOf(x, y)) {
    const a = x.get(fact) ?? 0;
    const b = y.get(fact) ?? 0;
    const slack = fact.startsWith('image') ? 0 : Math.max(1, 0.1 * a);
    if (Math.abs(a - b) > slack) findings.differ('Pod', group, `${fact}: ${a} recorded, ${b} simulated`);
  }
}

/** A DaemonSet's pods are on the same nodes; others are spread alike, give or take 10 % (at least 2). */
function comparePlaces(
  home: string,
  x: ReadonlyMap<string, number>,
  y: ReadonlyMap<string, number>,
  findings: Findings,
): void {
  if (home.startsWith('DaemonSet/')) {
    const [a, b] = [nodesText(x), nodesText(y)];
    if (a !== b) findings.differ('Pod', home, `nodes: recorded ${a}, simulated ${b}`);
    return;
  }
  const [a, b] = [x, y].map((places) => [...places.values()].sort((p, q) => q - p)) as [number[], number[]];
  const total = a.reduce((sum, n) => sum + n, 0);
  let apart = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) apart += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  if (apart > Math.max(2, 0.1 * total)) {
    findings.differ('Pod', home, `spread over nodes: recorded ${a.join(' ')}, simulated ${b.join(' ')}`);
  }
}

function nodesText(places: ReadonlyMap<string, number>): string {
  const entries = [...places].sort(([a], [b]) => compareStrings(a, b));
  return entries.map(([node, n]) => `${node}: ${n}`).join(', ');
}
