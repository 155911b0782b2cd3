// The steps of a plan search from one cluster: grow it until it meets the objectives, then take away what it can do
// without. Bisection rests on "more nodes are no worse"; the ledger notes where that fails.

import type { Point } from '../experiment.ts';
import type { Judged } from '../search/search.ts';
import type { Counts } from './bound.ts';
import { type Cluster, clusterPoint, weightOf } from './cluster.ts';
import type { PlanProblem } from './demand.ts';
import { unitWeight } from './demand.ts';
import type { Entry, Ledger } from './ledger.ts';

/** A step of the search: yields clusters to be judged, returns what it found. */
export type Step<T> = Generator<readonly Point<Cluster>[], T, readonly Judged<Cluster>[]>;

/** Growth tried in turn until a cluster meets the objectives. */
const GROWTH = [1, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10];

/** Has clusters judged, all at once; known ones cost nothing. */
export function* judgeAll(ledger: Ledger, list: readonly Counts[]): Step<readonly Entry[]> {
  const judged = yield list.map((counts) => clusterPoint(counts, ledger.problem));
  return list.map((counts, i) => ledger.add(counts, judged[i]!));
}

export function* judgeOne(ledger: Ledger, counts: Counts): Step<Entry> {
  return (yield* judgeAll(ledger, [counts]))[0]!;
}

function scaled(counts: Counts, factor: number, { pools }: PlanProblem): Counts {
  return counts.map((count, p) => Math.min(pools[p]!.nMax, Math.ceil(count * factor)));
}

function withCount(counts: Counts, poolIdx: number, count: number): Counts {
  return counts.map((old, p) => (p === poolIdx ? count : old));
}

/** Grows a cluster until it meets the objectives; undefined when it would weigh `weightMax` or more. */
export function* grow(ledger: Ledger, start: Counts, weightMax: number): Step<Entry | undefined> {
  let last = '';
  for (const factor of GROWTH) {
    const counts = scaled(start, factor, ledger.problem);
    if (weightOf(counts, ledger.problem) >= weightMax) return undefined;
    if (counts.join() === last) continue;
    last = counts.join();
    const entry = yield* judgeOne(ledger, counts);
    if (entry.judged.met) return entry;
  }
  return undefined;
}

/** The fewest nodes of one pool that still meet the objectives, the others as they are: gallop down, then bisect. */
function* fewest(ledger: Ledger, from: Entry, poolIdx: number): Step<Entry> {
  const { nMin } = ledger.problem.pools[poolIdx]!;
  let met = from;
  let missed = nMin - 1;
  for (let stride = 1; met.counts[poolIdx]! > nMin; stride *= 2) {
    const count = Math.max(nMin, met.counts[poolIdx]! - stride);
    const entry = yield* judgeOne(ledger, withCount(from.counts, poolIdx, count));
    if (!entry.judged.met) {
      missed = count;
      break;
    }
    met = entry;
  }
  while (met.counts[poolIdx]! - missed > 1) {
    const middle = Math.floor((met.counts[poolIdx]! + missed) / 2);
    const entry = yield* judgeOne(ledger, withCount(from.counts, poolIdx, middle));
    if (entry.judged.met) met = entry;
    else missed = middle;
  }
  return met;
}

/** Pools of which one node could be taken away. */
export function reducible(counts: Counts, { pools }: PlanProblem): number[] {
  return counts.flatMap((count, p) => (count > pools[p]!.nMin ? [p] : []));
}

/** Takes nodes away, dearest pool first, until one node less of any pool misses the objectives. */
export function* trim(ledger: Ledger, start: Entry): Step<Entry> {
  const { problem } = ledger;
  let entry = start;
  for (;;) {
    const { counts } = entry;
    const candidates = reducible(counts, problem);
    const fewer = yield* judgeAll(
      ledger,
      candidates.map((p) => withCount(counts, p, counts[p]! - 1)),
    );
    const weights = problem.pools.map((pool) => unitWeight(pool, problem.weights));
    const possible = candidates
      .filter((_, i) => fewer[i]!.judged.met)
      .sort((a, b) => weights[b]! - weights[a]! || a - b);
    const poolIdx = possible[0];
    if (poolIdx === undefined) return entry;
    entry = yield* fewest(ledger, entry, poolIdx);
  }
}

/** Adds nodes of one pool, then takes away what it can of the others, dearest first. */
export function* exchange(ledger: Ledger, { counts }: Entry, poolIdx: number, nAdded: number): Step<void> {
  const { pools, weights } = ledger.problem;
  const count = Math.min(pools[poolIdx]!.nMax, counts[poolIdx]! + nAdded);
  let entry = yield* judgeOne(ledger, withCount(counts, poolIdx, count));
  const others = reducible(counts, ledger.problem).filter((p) => p !== poolIdx);
  others.sort((a, b) => unitWeight(pools[b]!, weights) - unitWeight(pools[a]!, weights) || a - b);
  for (const p of others) if (entry.judged.met) entry = yield* fewest(ledger, entry, p);
}

/**
 * Checks around an answer that more nodes are no worse: one node more of each pool it uses, and two less. What is
 * found goes to the ledger, as a violation or as a better answer.
 */
export function* lookAround(ledger: Ledger, { counts }: Entry): Step<void> {
  const { pools } = ledger.problem;
  const nearby = counts.flatMap((count, p) => {
    if (count === 0) return [];
    const others = [count + 1, count - 2].filter(
      (other) => other >= pools[p]!.nMin && other <= pools[p]!.nMax,
    );
    return others.map((other) => withCount(counts, p, other));
  });
  yield* judgeAll(ledger, nearby);
}
