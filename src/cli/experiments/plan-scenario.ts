// What `wavetank plan` does: arithmetic proposes clusters, the simulator judges them.

import { InputError } from '../../base/errors.ts';
import type { Cluster } from '../../experiment/plan/cluster.ts';
import { loadSolver } from '../../experiment/plan/highs-solver.ts';
import { planSearch } from '../../experiment/plan/plan.ts';
import type { PlanResult } from '../../experiment/plan/plan-result.ts';
import { frontierRows, frontierTable, planRows, planTable } from '../../report/tables/plan.ts';
import type { PlanSpec } from '../../scenario/plan.schema.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { PlanArgs } from '../commands/plan.ts';
import { writeTable } from './experiment-report.ts';
import { type Base, openBase } from './open-base.ts';
import { dataOn, MOST_ALLOCATED_PART, onMostAllocated, withEnd } from './plan-data.ts';
import { planPrefix } from './plan-prefix.ts';
import { type OpenedPlan, openPlan } from './plan-problem.ts';
import { clusterText, planLines } from './plan-text.ts';
import { conclude, type Outcome, runExperiment } from './session.ts';
import { winningScenario } from './winning-scenario.ts';

export async function planScenario(args: PlanArgs): Promise<number> {
  const base = await openBase(args.plan, args, {
    edit: (data) => withEnd({ cluster: {}, ...data }),
    isPlan: true,
  });
  const { plan } = base.scenario.spec;
  if (plan === undefined)
    throw new InputError([
      { file: args.plan, message: 'there is no plan: in this scenario; see docs/scenario.md' },
    ]);
  if (plan.prefix) return planPrefix(base, plan, args);
  const opened = await openPlan(base, plan, args);
  const outcome = await search(base, plan, opened, args, false);
  const most = await besideMostAllocated(base, plan, opened, args, outcome);
  const { answer, folder } = outcome;
  const answers = [
    { scheduler: 'own', answer },
    ...(most ? [{ scheduler: 'MostAllocated', answer: most.answer }] : []),
  ];
  writeTable(folder, planTable, planRows(answers, opened.problem));
  writeTable(folder, frontierTable, frontierRows(answer));
  if (answer.chosen) {
    const setting = settingOn(base, plan, opened)(answer.chosen.cluster);
    for (const { name, text } of await winningScenario(base, setting, folder.path, args))
      folder.write(name, text);
  }
  const isPartial = outcome.isPartial || most?.isPartial === true;
  const lines = planLines(base.scenario.name, opened, answer, most?.answer);
  return conclude({ folder, isPartial }, [base.scenario], lines, args.quiet);
}

function settingOn(base: Base, plan: PlanSpec, { pools, prices, copies }: OpenedPlan) {
  return (cluster: Cluster): PointSetting => ({
    file: base.setting.file,
    data: dataOn(base.data, pools, cluster, prices),
    copies,
    ...(plan.survive.length > 0 && { survive: plan.survive }),
  });
}

/** `isMost`: with MostAllocated instead of the scenario's scheduler; its runs lie in the same folder. */
async function search(
  base: Base,
  plan: PlanSpec,
  opened: OpenedPlan,
  args: PlanArgs,
  isMost: boolean,
): Promise<Outcome<PlanResult>> {
  const experiment = planSearch(opened.problem, opened.judgeOptions, await loadSolver(), {
    gapRatio: plan.gap,
    nJudgedMax: plan.clusters,
    ...(isMost && { nAlternatives: 0 }),
  });
  const ownSetting = settingOn(base, plan, opened);
  return runExperiment(
    experiment,
    isMost ? (cluster) => onMostAllocated(ownSetting(cluster)) : ownSetting,
    isMost ? { ...args, resume: true } : args,
    {
      command: 'plan',
      digests: [base.scenario.digest],
      seed: base.seed,
      folder: `results/${base.scenario.name}`,
      ...(isMost && { part: MOST_ALLOCATED_PART }),
      bestOf: ({ chosen, bound }) =>
        chosen ? `best so far ${clusterText(chosen)}, bound ${Number(bound.value.toPrecision(4))}` : '',
    },
  );
}

/** Nothing to explain where the answer is at the bound, nothing to compare with where the scheduler is the user's. */
async function besideMostAllocated(
  base: Base,
  plan: PlanSpec,
  opened: OpenedPlan,
  args: PlanArgs,
  { answer, isPartial }: Outcome<PlanResult>,
): Promise<Outcome<PlanResult> | undefined> {
  const isWanted = args.mostAllocated && base.scenario.scheduler === undefined;
  if (!isWanted || isPartial || !answer.chosen || answer.gapRatio! < 1e-6) return undefined;
  return search(base, plan, opened, args, true);
}
