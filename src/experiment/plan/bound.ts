// The lower bound of a plan: the better of the linear relaxation and what the solver proves of the whole-node covering.
import { coveringModel, type Region, wholeRegion } from './covering.ts';
import type { PlanProblem } from './demand.ts';
import type { SolveLimits, Solver } from './linear-model.ts';
import { type Rooms, roomsOf } from './room.ts';

export interface Bound {
  /** No cluster that holds the pods weighs less. In the unit of what is minimized. */
  readonly value: number;
  readonly from: 'linear relaxation' | 'integer covering';
  readonly linear: number;
  /** The dual bound of the covering problem. */
  readonly covering: number;
  /** False when the solver's limits ended it before its own gap was closed. */
  readonly isCoveringOptimal: boolean;
}

/** Nodes by pool. */
export type Counts = readonly number[];

export const SOLVE_LIMITS: SolveLimits = { gapRatio: 1e-3, nNodesMax: 500, timeSecMax: 20 };

/** The cheapest covering in a region and its proven bound; undefined counts when there is none or none was found. */
export function cheapestCovering(
  problem: PlanProblem,
  rooms: Rooms,
  region: Region,
  solver: Solver,
  inflation = 1,
): { counts: Counts | undefined; bound: number; isOptimal: boolean } {
  const solution = solver.solve(coveringModel(problem, rooms, region, inflation), SOLVE_LIMITS);
  const values = solution.values?.slice(0, problem.pools.length);
  const counts =
    values === undefined ? undefined : [...values].map((value) => Math.max(0, Math.ceil(value - 1e-6)));
  return { counts, bound: solution.bound, isOptimal: solution.status === 'optimal' };
}

/** Proves a lower bound for what is there at the end, of all clusters in the region. */
export function lowerBound(
  problem: PlanProblem,
  rooms: Rooms,
  solver: Solver,
  region: Region = wholeRegion(problem),
): { bound: Bound; counts: Counts | undefined } {
  const linear = solver.solve(coveringModel(problem, rooms, region), {
    ...SOLVE_LIMITS,
    relaxed: true,
  }).bound;
  const { counts, bound: covering, isOptimal } = cheapestCovering(problem, rooms, region, solver);
  const from = covering >= linear ? 'integer covering' : 'linear relaxation';
  const bound: Bound = {
    value: Math.max(linear, covering),
    from,
    linear,
    covering,
    isCoveringOptimal: isOptimal,
  };
  return { bound, counts };
}

/** The highest bound of what is there at the end and at each peak; survival is tried at the end only. */
export function highestBound(
  problem: PlanProblem,
  rooms: Rooms,
  solver: Solver,
  region: Region,
): { bound: Bound; counts: Counts | undefined } {
  const atPeaks = (problem.peaks ?? []).map((pods) => {
    const peak = { ...problem, demand: { ...problem.demand, pods }, survive: [] };
    return lowerBound(peak, roomsOf(peak), solver, region);
  });
  return [lowerBound(problem, rooms, solver, region), ...atPeaks].reduce((highest, one) =>
    one.bound.value > highest.bound.value ? one : highest,
  );
}
