// Branch and bound over mixes of pools, best bound first: the cheapest covering of a region is tried; when it misses
// the objectives, every cluster that could do better has one node more of some pool, and the region splits that way.
import { type Counts, cheapestCovering } from './bound.ts';
import { weightOf } from './cluster.ts';
import type { Region } from './covering.ts';
import type { Ledger } from './ledger.ts';
import type { Solver } from './linear-model.ts';
import { judgeOne, type Step, trim } from './moves.ts';
import type { Packer } from './packing.ts';
import type { Rooms } from './room.ts';

export interface MixLimits {
  /** Coverings solved at most. */
  readonly nCoveringsMax: number;
  /** Clusters judged at most, in the whole search. */
  readonly nJudgedMax: number;
  /** Good enough: stop when the best weighs at most this. */
  readonly target: number;
}

interface Open {
  readonly region: Region;
  readonly counts: Counts;
  readonly bound: number;
}

/** The parts of a region that hold every cluster not within `counts`: the p-th has more of pool p, and no more of those before. */
export function split(region: Region, counts: Counts): Region[] {
  const parts: Region[] = [];
  let { upper } = region;
  for (const [p, count] of counts.entries()) {
    if (count >= region.upper[p]!) continue;
    parts.push({ upper, lower: region.lower.map((old, q) => (q === p ? count + 1 : old)) });
    upper = upper.map((old, q) => (q === p ? count : old));
  }
  return parts;
}

/**
 * Improves on the ledger's best within `region`. What quick packing cannot place is taken as missed without asking
 * the simulator, so this improves the answer but proves nothing: the proof is the lower bound.
 */
export function* searchMixes(
  ledger: Ledger,
  rooms: Rooms,
  packer: Packer,
  solver: Solver,
  region: Region,
  limits: MixLimits,
): Step<void> {
  const open: Open[] = [];
  let nCoverings = 0;
  const enter = (part: Region): void => {
    if (
      weightOf(part.lower, ledger.problem) >= ledger.bestWeight - 1e-9 ||
      nCoverings >= limits.nCoveringsMax
    )
      return;
    nCoverings++;
    const { counts, bound } = cheapestCovering(ledger.problem, rooms, part, solver);
    if (counts !== undefined && bound < ledger.bestWeight - 1e-9) open.push({ region: part, counts, bound });
  };
  enter(region);
  while (open.length > 0 && ledger.entries.length < limits.nJudgedMax && ledger.bestWeight > limits.target) {
    const next = open.reduce((best, entry) => (entry.bound < best.bound - 1e-9 ? entry : best));
    open.splice(open.indexOf(next), 1);
    if (next.bound >= ledger.bestWeight - 1e-9) continue;
    const isHopeless =
      packer.unplaced(next.counts).some((count) => count > 0) || ledger.isWithinMissed(next.counts);
    const entry = isHopeless ? undefined : yield* judgeOne(ledger, next.counts);
    if (entry?.judged.met) yield* trim(ledger, entry);
    else for (const part of split(next.region, next.counts)) enter(part);
  }
}
