// The covering relaxation of a plan: whole nodes, but pods of a shape may be cut and spread over a pool's nodes at
// will. Every real placement satisfies it, so its optimum is a lower bound of what any scheduler can reach. A cluster that
// is to survive losses must hold the pods in every situation, and one that may not be too full has room to spare.
import type { PlanProblem, PodDemand } from './demand.ts';
import { unitWeight } from './demand.ts';
import { bestParts, COARSE_PARTS, part } from './dual-feasible.ts';
import type { LinearModel, Row } from './linear-model.ts';
import { daemonsOf, type Rooms } from './room.ts';
import { type Situation, situationsOf } from './situations.ts';

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

/** Where the pods of a situation are on one pool. */
interface Placed {
  readonly poolIdx: number;
  /** Counts the nodes. */
  readonly nodeColumn: number;
  readonly shares: Share[];
}

/** sum of values × shares <= nodes. */
function perNodeRow(nodeColumn: number, shares: readonly Share[], values: readonly number[]): Row {
  const kept = shares
    .map((share, i) => ({ column: share.column, value: values[i]! }))
    .filter(({ value }) => value > 0);
  return {
    lower: -Infinity,
    upper: 0,
    columns: [nodeColumn, ...kept.map(({ column }) => column)],
    values: [-1, ...kept.map(({ value }) => value)],
  };
}

/**
 * Capacity of each resource and of pod slots, each also rounded by dual feasible functions where that bites.
 * @param counts of pods by shape
 */
function capacityRows(
  { poolIdx, nodeColumn, shares }: Placed,
  rooms: Rooms,
  counts: readonly number[],
): Row[] {
  const rows: Row[] = [];
  const free = rooms.free[poolIdx]!;
  for (let r = 0; r < free.length; r++) {
    const sizes = shares.map(({ podIdx }) =>
      rooms.needs[podIdx]![r]! === 0 ? 0 : rooms.needs[podIdx]![r]! / free[r]!,
    );
    if (sizes.every((size) => size === 0)) continue;
    rows.push(perNodeRow(nodeColumn, shares, sizes));
    const fine = bestParts(
      sizes,
      shares.map(({ podIdx }) => counts[podIdx]!),
    );
    for (const parts of fine === undefined ? COARSE_PARTS : [...COARSE_PARTS, fine]) {
      const rounded = sizes.map((size) => part(size, parts));
      if (rounded.some((value, i) => value > sizes[i]!)) rows.push(perNodeRow(nodeColumn, shares, rounded));
    }
  }
  return rows;
}

/** A node never holds more of a shape than fit an empty one: says more than capacity where few fit. */
function fitRows({ poolIdx, nodeColumn, shares }: Placed, rooms: Rooms): Row[] {
  const free = rooms.free[poolIdx]!;
  return shares.flatMap((share) => {
    const fit = rooms.fit[share.podIdx]![poolIdx]!;
    const fractional = Math.min(
      ...rooms.needs[share.podIdx]!.map((need, r) => (need > 0 ? free[r]! / need : Infinity)),
    );
    return fractional > fit * 1.01 ? [perNodeRow(nodeColumn, [share], [1 / fit])] : [];
  });
}

/** What is requested of a resource in all, daemons included, is at most this share of what all nodes have. */
function ceilingRows({ pools, demand, ceilings = {} }: PlanProblem): Row[] {
  const amountOf = (pods: readonly { readonly requests: PodDemand['requests'] }[], resource: string) =>
    pods.reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0);
  return Object.entries(ceilings).map(([resource, ratio]) => ({
    lower: demand.pods.reduce((sum, pod) => sum + pod.count * (pod.requests[resource] ?? 0), 0),
    upper: Infinity,
    columns: pools.map((_, p) => p),
    values: pools.map(
      (pool) =>
        ratio * (pool.allocatable[resource] ?? 0) - amountOf(daemonsOf(pool, demand.daemons), resource),
    ),
  }));
}

class CoveringBuilder {
  readonly rows: Row[] = [];
  nColumns: number;
  readonly #problem: PlanProblem;
  readonly #rooms: Rooms;
  readonly #region: Region;

  constructor(problem: PlanProblem, rooms: Rooms, region: Region, nWhole: number) {
    this.#problem = problem;
    this.#rooms = rooms;
    this.#region = region;
    this.nColumns = nWhole;
  }

  /** First what is wanted of each shape, then what the nodes have. */
  add({ nodeColumns, isLoss }: Situation, inflation: number): void {
    const placed = nodeColumns.map((nodeColumn, poolIdx): Placed => ({ poolIdx, nodeColumn, shares: [] }));
    for (const [podIdx, pod] of this.#problem.demand.pods.entries()) {
      const columns = this.#share(podIdx, placed);
      const wanted = isLoss && pod.isLostWithNode ? 0 : pod.count * inflation;
      this.rows.push({ lower: wanted, upper: Infinity, columns, values: columns.map(() => 1) });
    }
    const counts = this.#problem.demand.pods.map(({ count }) => count);
    for (const one of placed)
      this.rows.push(...capacityRows(one, this.#rooms, counts), ...fitRows(one, this.#rooms));
  }

  #share(podIdx: number, placed: readonly Placed[]): number[] {
    const columns: number[] = [];
    for (const { poolIdx, shares } of placed) {
      if (this.#rooms.fit[podIdx]![poolIdx] === 0 || this.#region.upper[poolIdx] === 0) continue;
      shares.push({ podIdx, column: this.nColumns });
      columns.push(this.nColumns++);
    }
    return columns;
  }
}

/**
 * Builds the model for the demand times `inflation` (1 = as it is). Columns: nodes by pool, other whole numbers, then
 * shares; rows: first what is wanted of each shape. Relative to real placement it ignores where nodes are and which pods
 * share one; what it counts is exact.
 */
export function coveringModel(
  problem: PlanProblem,
  rooms: Rooms,
  region: Region,
  inflation = 1,
): LinearModel {
  const { pools, weights } = problem;
  const { list, upper, rows } = situationsOf(problem, region);
  const nInteger = pools.length + upper.length;
  const covering = new CoveringBuilder(problem, rooms, region, nInteger);
  for (const situation of list) covering.add(situation, inflation);
  const nShares = covering.nColumns - nInteger;
  const nOthers = covering.nColumns - pools.length;
  return {
    cost: [...pools.map((pool) => unitWeight(pool, weights)), ...Array<number>(nOthers).fill(0)],
    lower: [...region.lower, ...Array<number>(nOthers).fill(0)],
    upper: [...region.upper, ...upper, ...Array<number>(nShares).fill(Infinity)],
    nInteger,
    rows: [...covering.rows, ...rows, ...ceilingRows(problem)],
  };
}
