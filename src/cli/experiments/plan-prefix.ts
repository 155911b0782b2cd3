// What `wavetank plan` does where the nodes are a list in a given order: how many of the first are needed.

import type { Point } from '../../experiment/experiment.ts';
import { loadSolver } from '../../experiment/plan/highs-solver.ts';
import { type PrefixResult, prefixSearch } from '../../experiment/prefix/prefix.ts';
import { prefixesTable, prefixRows } from '../../report/tables/prefixes.ts';
import type { PlanSpec } from '../../scenario/plan.schema.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { PlanArgs } from '../commands/plan.ts';
import { writeTable } from './experiment-report.ts';
import type { Base } from './open-base.ts';
import { MOST_ALLOCATED_PART, onMostAllocated } from './plan-data.ts';
import { judgeOptionsOf } from './plan-objectives.ts';
import { copiesOf } from './plan-problem.ts';
import { openPrefix } from './prefix-problem.ts';
import { prefixLines } from './prefix-text.ts';
import { conclude, type Part, runExperiment } from './session.ts';
import { winningScenario } from './winning-scenario.ts';

export async function planPrefix(base: Base, plan: PlanSpec, args: PlanArgs): Promise<number> {
  const judgeOptions = judgeOptionsOf(plan, base.seed);
  const { survive } = plan;
  const whole = { ...base.setting, copies: copiesOf(plan), ...(survive.length > 0 && { survive }) };
  const opened = await openPrefix(base, whole, judgeOptions, args, await loadSolver());
  const search = (setting: PointSetting, changes: Partial<PlanArgs> = {}, part?: Part) =>
    runExperiment(
      prefixSearch((nNodes) => pointOf(setting, nNodes), opened, judgeOptions),
      (point) => point,
      { ...args, ...changes },
      {
        command: 'plan',
        digests: [base.scenario.digest],
        seed: base.seed,
        folder: `results/${base.scenario.name}`,
        ...(part && { part }),
        bestOf: bestText,
      },
    );
  const outcome = await search(whole);
  const { answer: result, folder, isPartial } = outcome;
  const isMostWanted = args.mostAllocated && base.scenario.scheduler === undefined && !isPartial;
  const most =
    isMostWanted && result.answer && result.answer.nNodes > result.nNodesMin
      ? await search(onMostAllocated(whole), { resume: true }, MOST_ALLOCATED_PART)
      : undefined;
  writeTable(folder, prefixesTable, [
    ...prefixRows('own', result),
    ...(most ? prefixRows('MostAllocated', most.answer) : []),
  ]);
  if (result.answer?.judged.met) {
    const setting = { ...whole, nNodes: result.answer.nNodes };
    for (const { name, text } of await winningScenario(base, setting, folder.path, args))
      folder.write(name, text);
  }
  const lines = prefixLines(base.scenario.name, opened, result, most?.answer);
  return conclude(
    { folder, isPartial: isPartial || most?.isPartial === true },
    [base.scenario],
    lines,
    args.quiet,
  );
}

function pointOf(setting: PointSetting, nNodes: number): Point<PointSetting> {
  return { id: `nodes=${nNodes}`, labels: { nodes: String(nNodes) }, setting: { ...setting, nNodes } };
}

function bestText({ answer }: PrefixResult<PointSetting>): string {
  return answer ? `best so far the first ${answer.nNodes} nodes` : '';
}
