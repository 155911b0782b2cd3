// Mixed-integer linear programs as plain data, and the solver as the search sees it.

/** lower <= sum of values × columns <= upper. */
export interface Row {
  readonly lower: number;
  readonly upper: number;
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

/** Minimize cost · x; the first `nInteger` columns are whole numbers. */
export interface LinearModel {
  readonly cost: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly nInteger: number;
  readonly rows: readonly Row[];
}

export interface SolveLimits {
  /** Solve the linear relaxation: no column need be whole. */
  readonly relaxed?: boolean;
  /** Stop at this relative gap between solution and bound. */
  readonly gapRatio: number;
  /** Stop after so many branch-and-bound nodes: the limit that keeps results the same on every machine. */
  readonly nNodesMax: number;
  /** Stop after so many seconds: a net for the unexpected. */
  readonly timeSecMax: number;
}

export interface LinearSolution {
  readonly status: 'optimal' | 'limit' | 'infeasible';
  /** Proven: no solution costs less. -Infinity when the solver was stopped before it knew, Infinity when infeasible. */
  readonly bound: number;
  /** The best solution; undefined when none was found. */
  readonly values: Float64Array | undefined;
}

export interface Solver {
  solve(model: LinearModel, limits: SolveLimits): LinearSolution;
}
