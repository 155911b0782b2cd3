// The covering relaxation of a plan: whole nodes, but pods of a shape may be cut and spread over a pool's nodes at
// will. Every real placement satisfies it, so its optimum is a lower bound of what any scheduler can reach.
import type { PlanProblem } from './demand.ts';
import { unitWeight } from './demand.ts';
import { MAX_PARTS, part } from './dual-feasible.ts';
import type { LinearModel, Row } from './linear-model.ts';
import type { Rooms } from './room.ts';

/** Bounds of the number of nodes by pool: a region of the search. */
export interface Region {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** All that the pools allow. */
export function wholeRegion({ pools }: PlanProblem): Region {
  return { lower: pools.map((pool) => pool.nMin), upper: pools.map((pool) => pool.nMax) };
}

/** Pods of one shape on one pool: column `column` of the model. */
interface Share {
  readonly podIdx: number;
  readonly column: number;
}

/** sum of values × shares <= nodes of the pool. */
function perNodeRow(poolIdx: number, shares: readonly Share[], values: readonly number[]): Row {
  const kept = shares
    .map((share, i) => ({ column: share.column, value: values[i]! }))
    .filter(({ value }) => value > 0);
  return {
    lower: -Infinity,
    upper: 0,
    columns: [poolIdx, ...kept.map(({ column }) => column)],
    values: [-1, ...kept.map(({ value }) => value)],
  };
}

/** Capacity of each resource and of pod slots, each also rounded by dual feasible functions where that bites. */
function capacityRows(poolIdx: number, shares: readonly Share[], rooms: Rooms): Row[] {
  const rows: Row[] = [];
  const free = rooms.free[poolIdx]!;
  for (let r = 0; r < free.length; r++) {
    const sizes = shares.map(({ podIdx }) =>
      rooms.needs[podIdx]![r]! === 0 ? 0 : rooms.needs[podIdx]![r]! / free[r]!,
    );
    if (sizes.every((size) => size === 0)) continue;
    rows.push(perNodeRow(poolIdx, shares, sizes));
    for (let parts = 2; parts <= MAX_PARTS; parts++) {
      const rounded = sizes.map((size) => part(size, parts));
      if (rounded.some((value, i) => value > sizes[i]!)) rows.push(perNodeRow(poolIdx, shares, rounded));
    }
  }
  return rows;
}

/** A node never holds more of a shape than fit an empty one: says more than capacity where few fit. */
function fitRows(poolIdx: number, shares: readonly Share[], rooms: Rooms): Row[] {
  const free = rooms.free[poolIdx]!;
  return shares.flatMap((share) => {
    const fit = rooms.fit[share.podIdx]![poolIdx]!;
    const fractional = Math.min(
      ...rooms.needs[share.podIdx]!.map((need, r) => (need > 0 ? free[r]! / need : Infinity)),
    );
    return fractional > fit * 1.01 ? [perNodeRow(poolIdx, [share], [1 / fit])] : [];
  });
}

/**
 * Builds the model for the demand times `inflation` (1 = as it is). Columns: nodes by pool, then shares; rows: first what
 * is wanted of each shape. Relative to real placement it ignores where nodes are and which pods share one; what it counts
 * is exact.
 */
export function coveringModel(
  problem: PlanProblem,
  rooms: Rooms,
  region: Region,
  inflation = 1,
): LinearModel {
  const { pools, demand, weights } = problem;
  const rows: Row[] = [];
  const sharesOf: Share[][] = pools.map(() => []);
  let nColumns = pools.length;
  for (const [podIdx, pod] of demand.pods.entries()) {
    const columns: number[] = [];
    for (const [p, shares] of sharesOf.entries()) {
      if (rooms.fit[podIdx]![p] === 0 || region.upper[p] === 0) continue;
      shares.push({ podIdx, column: nColumns });
      columns.push(nColumns++);
    }
    rows.push({ lower: pod.count * inflation, upper: Infinity, columns, values: columns.map(() => 1) });
  }
  for (const [p, shares] of sharesOf.entries())
    rows.push(...capacityRows(p, shares, rooms), ...fitRows(p, shares, rooms));
  const rest = nColumns - pools.length;
  return {
    cost: [...pools.map((pool) => unitWeight(pool, weights)), ...Array<number>(rest).fill(0)],
    lower: [...region.lower, ...Array<number>(rest).fill(0)],
    upper: [...region.upper, ...Array<number>(rest).fill(Infinity)],
    nInteger: pools.length,
    rows,
  };
}
