// What `wavetank plan` does: arithmetic proposes clusters, the simulator judges them.

import { InputError } from '../../base/errors.ts';
import type { Cluster } from '../../experiment/plan/cluster.ts';
import { loadSolver } from '../../experiment/plan/highs-solver.ts';
import { planSearch } from '../../experiment/plan/plan.ts';
import type { PlanResult } from '../../experiment/plan/plan-result.ts';
import { checkRule } from '../../experiment/statistics/stopping.ts';
import { frontierRows, frontierTable, planRows, planTable } from '../../report/tables/plan.ts';
import type { PlanSpec } from '../../scenario/plan.schema.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { PlanArgs } from '../commands/plan.ts';
import { writeTable } from './experiment-report.ts';
import { parseObjective } from './objective-text.ts';
import { type Base, openBase } from './open-base.ts';
import { dataOn, MOST_ALLOCATED, UNTIL_DEFAULT } from './plan-data.ts';
import { type OpenedPlan, openPlan } from './plan-problem.ts';
import { clusterText, planLines } from './plan-text.ts';
import { conclude, type Outcome, runExperiment } from './session.ts';
import { winningScenario } from './winning-scenario.ts';

const PENDING = 'pods.pending';

export async function planScenario(args: PlanArgs): Promise<number> {
  const base = await openBase(args.plan, args, (data) => ({ cluster: {}, until: UNTIL_DEFAULT, ...data }));
  const { plan } = base.scenario.spec;
  if (plan === undefined)
    throw new InputError([
      { file: args.plan, message: 'there is no plan: in this scenario; see docs/scenario.md' },
    ]);
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
  return conclude(outcome, planLines(base.scenario.name, opened, answer, most?.answer), args.quiet);
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
  const rule = { nMin: plan.replications.min, nMax: plan.replications.max };
  checkRule(rule);
  const isOneRun = rule.nMax === 1;
  const survival = plan.survive.map((trial) => `survive.${trial}.pending <= 0`);
  const wanted = plan.objectives.map((text) => parseObjective(text, isOneRun));
  // The bound rests on it: a cluster may not do without room for what is there at the end.
  const isImplied = wanted.length > 0 && !wanted.some(({ metric }) => metric === PENDING);
  const implied = [...(isImplied ? [`${PENDING} <= 0`] : []), ...survival];
  const objectives = [...wanted, ...implied.map((text) => parseObjective(text, isOneRun))];
  const judgeOptions = { seed: base.seed, objectives, rule, confidence: plan.confidence };
  const experiment = planSearch(opened.problem, judgeOptions, await loadSolver(), {
    gapRatio: plan.gap,
    nJudgedMax: plan.clusters,
    ...(isMost && { nAlternatives: 0 }),
  });
  const ownSetting = settingOn(base, plan, opened);
  const mostSetting = (cluster: Cluster): PointSetting => {
    const setting = ownSetting(cluster);
    return { ...setting, data: { ...(setting.data as object), scheduler: MOST_ALLOCATED } };
  };
  return runExperiment(
    experiment,
    isMost ? mostSetting : ownSetting,
    isMost ? { ...args, resume: true } : args,
    {
      command: 'plan',
      digests: [base.scenario.digest],
      seed: base.seed,
      folder: `results/${base.scenario.name}`,
      ...(isMost && { runs: 'most-allocated/' }),
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
