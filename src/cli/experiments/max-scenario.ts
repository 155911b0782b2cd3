// What `wavetank max` does.

import { InputError } from '../../base/errors.ts';
import type { Point } from '../../experiment/experiment.ts';
import { resolvePath, valueAt, withValueAt } from '../../experiment/paths.ts';
import { pointId } from '../../experiment/point-id.ts';
import { type MaxResult, maxSearch } from '../../experiment/search/max.ts';
import { Together } from '../../experiment/together.ts';
import { missedText, scalesTable } from '../../report/tables/experiments.ts';
import type { PointSetting } from '../../simulator/points.ts';
import { canGrow, workloadsOf } from '../../simulator/scaled-objects.ts';
import type { MaxArgs } from '../commands/max.ts';
import { terminalTable } from '../terminal-table.ts';
import { UsageError } from '../usage.ts';
import { replicationsOf } from './experiment-options.ts';
import { writeRuns, writeTable } from './experiment-report.ts';
import { figureText, metricText } from './metric-text.ts';
import { parseObjective } from './objective-text.ts';
import { type Base, openBase } from './open-base.ts';
import { conclude, runExperiment } from './session.ts';

/** Instead of a field: the replicas of all manifests. */
const COPIES = 'copies';

export async function maxScenario(args: MaxArgs): Promise<number> {
  if (args.each && args.scale !== COPIES) throw new UsageError(`--each: goes with --scale ${COPIES} only`);
  const base = await openBase(args.scenario, args);
  const { rule, confidence } = replicationsOf(args);
  const objectives = args.objective.map((text) => parseObjective(text, rule.nMax === 1));
  const judgeOptions = { seed: base.seed, objectives, rule, confidence };
  const options = { toleranceRatio: args.tolerance, ...(args.max !== undefined && { max: args.max }) };
  const { pointAt, textAt, isInteger } = scalingOf(base, args.scale);
  const workloads = args.each ? workloadsOf(base.scenario) : [];
  const searches = [
    maxSearch(pointAt, { isInteger, ...options }, judgeOptions),
    ...workloads.map(({ name }) => maxSearch(morePoints(base, name), { isInteger: true }, judgeOptions)),
  ];
  const outcome = await runExperiment(new Together(searches), (setting) => setting, args, {
    command: `max ${args.scale}`,
    digests: [base.scenario.digest],
    seed: base.seed,
    folder: `results/${base.scenario.name}-max`,
    bestOf: ([all]) => (all?.scale === undefined ? '' : `best so far ${textAt(all.scale)}`),
  });
  const { answer: answers, folder, records } = outcome;
  const judged = answers.flatMap((answer) => answer.judged);
  writeRuns(
    folder,
    judged.map((one) => one.judged.point),
    records,
  );
  const names = [args.scale, ...workloads.map(({ name }) => name)];
  writeTable(
    folder,
    scalesTable,
    answers.flatMap((answer, i) => answer.judged.map((one) => ({ scaled: names[i]!, judged: one }))),
  );
  const [all, ...each] = answers as [Answer, ...Answer[]];
  return conclude(
    outcome,
    [base.scenario],
    [...summary(all, args.scale, textAt), '', ...judgedLines(all, textAt), ...eachLines(workloads, each)],
    args.quiet,
  );
}

type Answer = MaxResult<PointSetting>;
type Workload = ReturnType<typeof workloadsOf>[number];

/** More and more pods of one workload. */
function morePoints({ setting }: Base, workload: string): (nPods: number) => Point<PointSetting> {
  return (nPods) => ({
    id: pointId({ [workload]: nPods }),
    labels: { workload, more: String(nPods) },
    setting: { ...setting, more: { workload, nPods } },
  });
}

function eachLines(workloads: readonly Workload[], answers: readonly Answer[]): string[] {
  if (workloads.length === 0) return [];
  const rows = workloads.map(({ name, nPods }, i) => {
    const { scale = 0, missedAt, judged } = answers[i]!;
    const missed = judged.find((one) => one.scale === missedAt);
    return [
      name,
      String(nPods),
      String(scale),
      missed ? missedText(missed.judged.judgement, metricText) : '',
    ];
  });
  return ['', ...terminalTable(['of one workload alone', 'pods', 'more fit', 'one more misses'], rows, 1)];
}

interface Scaling {
  readonly pointAt: (scale: number) => Point<PointSetting>;
  readonly textAt: (scale: number) => string;
  readonly isInteger: boolean;
}

function scalingOf({ scenario, data, setting }: Base, field: string): Scaling {
  const point = (scale: number, scaled: PointSetting, text: string): Point<PointSetting> => ({
    id: `scale=${scale}`,
    labels: { [field]: text },
    setting: scaled,
  });
  if (field === COPIES) {
    if (!canGrow(scenario)) {
      const message = 'there is nothing to copy: no Deployment, StatefulSet, ReplicaSet, Job or bare pod';
      throw new InputError([{ file: scenario.file, message }]);
    }
    const textAt = (scale: number) => (scale === 1 ? '1 copy' : `${scale} copies`);
    return {
      pointAt: (scale) => point(scale, { ...setting, copies: scale }, String(scale)),
      textAt,
      isInteger: true,
    };
  }
  const path = resolvePath(data, field);
  const { number, unit } = quantityAt(valueAt(data, path), field);
  const isInteger = unit === '' && /(^|\.)(count|replicas|limit)$/.test(field);
  const amountAt = (scale: number) => {
    const value = isInteger ? Math.floor(number * scale) : Number((number * scale).toPrecision(9));
    return unit === '' ? value : `${value}${unit}`;
  };
  const pointAt = (scale: number) =>
    point(scale, { ...setting, data: withValueAt(data, path, amountAt(scale)) }, String(amountAt(scale)));
  return { pointAt, textAt: (scale) => String(amountAt(scale)), isInteger: false };
}

/** A number with its unit, as in `48/h`. */
function quantityAt(value: unknown, field: string): { number: number; unit: string } {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(.*)$/.exec(String(value)) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new InputError([
      { path: field, message: `found ${JSON.stringify(value)}, expected a number greater than 0 to scale` },
    ]);
  return { number: Number(number), unit };
}

function summary(answer: Answer, field: string, textAt: (scale: number) => string): string[] {
  const { scale, missedAt, isMonotone } = answer;
  const found =
    scale === undefined
      ? `${field}: no scale tried meets the objectives`
      : `${field}: ${textAt(scale)} is the largest found that meets the objectives (${figureText(scale)} times the scenario's)`;
  const missed = missedAt === undefined ? [] : [`the smallest that misses them is ${textAt(missedAt)}`];
  const odd = isMonotone
    ? []
    : [
        'a larger scale was seen to meet what a smaller one misses: load and objectives are not monotone here',
      ];
  return [found, ...missed, ...odd];
}

function judgedLines({ judged }: Answer, textAt: (scale: number) => string): string[] {
  const rows = judged.map(({ scale, judged: verdict }) => [
    textAt(scale),
    verdict.met ? 'met' : `missed: ${missedText(verdict.judgement, metricText)}`,
    verdict.certain ? '' : 'by the mean only',
    String(verdict.nReplications),
  ]);
  return terminalTable(['load', 'objectives', '', 'n'], rows, 3);
}
