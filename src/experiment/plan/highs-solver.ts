// HiGHS, compiled to WebAssembly, behind the Solver interface. The only file that knows it; loading is asynchronous
// and takes tens of milliseconds, so it happens when a plan is asked for.
import { fail } from '../../base/assert.ts';
import type { LinearModel, LinearSolution, SolveLimits, Solver } from './linear-model.ts';

type Loader = typeof import('highs').default;
type Highs = Awaited<ReturnType<Loader>>;
type ModelData = Exclude<Parameters<Highs['createModel']>[0], undefined | { data: unknown }>;

/** Rows of sparse entries as compressed rows. */
function compressed(model: LinearModel) {
  const starts = [0];
  for (const row of model.rows) starts.push(starts[starts.length - 1]! + row.columns.length);
  return {
    starts: Int32Array.from(starts),
    indices: Int32Array.from(model.rows.flatMap((row) => row.columns)),
    values: Float64Array.from(model.rows.flatMap((row) => row.values)),
  };
}

function dataOf(model: LinearModel, relaxed: boolean): ModelData {
  const [numCols, numRows] = [model.cost.length, model.rows.length];
  const data = {
    numCols,
    numRows,
    colCost: model.cost,
    colLower: model.lower,
    colUpper: model.upper,
    rowLower: model.rows.map((row) => row.lower),
    rowUpper: model.rows.map((row) => row.upper),
    matrix: { format: 'csr' as const, numRows, numCols, ...compressed(model) },
  };
  if (relaxed) return data;
  return { ...data, integrality: Int32Array.from(model.cost, (_, j) => (j < model.nInteger ? 1 : 0)) };
}

function solve(highs: Highs, model: LinearModel, limits: SolveLimits): LinearSolution {
  const relaxed = limits.relaxed ?? false;
  const status = highs.constants.modelStatus;
  return highs.withModel(dataOf(model, relaxed), (run): LinearSolution => {
    run.options.set({
      output_flag: false,
      mip_rel_gap: limits.gapRatio,
      mip_max_nodes: limits.nNodesMax,
      time_limit: limits.timeSecMax,
    });
    run.run();
    const code = run.getModelStatus();
    // Costs are never negative, so what is unbounded or infeasible is infeasible.
    if (code === status.infeasible || code === status.unboundedOrInfeasible)
      return { status: 'infeasible', bound: Infinity, values: undefined };
    const isOptimal = code === status.optimal;
    if (!isOptimal && code !== status.timeLimit && code !== status.solutionLimit) {
      return fail(`the solver ended with status ${code}`);
    }
    const hasSolution = run.info.get('primal_solution_status') === highs.constants.solutionStatus.feasible;
    const bound = relaxed
      ? isOptimal
        ? run.getObjectiveValue()
        : -Infinity
      : Number(run.info.get('mip_dual_bound'));
    const values = hasSolution ? run.getSolution().colValue : undefined;
    return { status: isOptimal ? 'optimal' : 'limit', bound, values };
  });
}

/** Loads the solver. */
export async function loadSolver(): Promise<Solver> {
  // The types describe the CommonJS build; what is loaded is the module build, whose default is the loader itself.
  const load = (await import('highs')).default as unknown as Loader;
  const highs = await load();
  return { solve: (model, limits) => solve(highs, model, limits) };
}
