// What `wavetank compare` does.

import { Compare, type ComparedVariant } from '../../experiment/compare.ts';
import type { Point } from '../../experiment/experiment.ts';
import { verdictSentence } from '../../experiment/statistics/paired.ts';
import {
  comparisonRows,
  comparisonsTable,
  metricRows,
  metricsTable,
} from '../../report/tables/experiments.ts';
import type { Edit } from '../../scenario/read-spec.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { CompareArgs } from '../commands/compare.ts';
import { terminalTable } from '../terminal-table.ts';
import { UsageError } from '../usage.ts';
import { replicationsOf } from './experiment-options.ts';
import { intervalText, shownMetrics, writeRuns, writeTable } from './experiment-report.ts';
import { differenceText } from './metric-text.ts';
import { type Base, openBase } from './open-base.ts';
import { conclude, runExperiment } from './session.ts';

export async function compareScenarios(args: CompareArgs): Promise<number> {
  const bases = await variantsOf(args);
  const points = bases.map(
    ({ name, base }): Point<PointSetting> => ({ id: name, labels: { variant: name }, setting: base.setting }),
  );
  const first = bases[0]!.base;
  const options = { seed: first.seed, ...replicationsOf(args) };
  const outcome = await runExperiment(new Compare(points, options), (setting) => setting, args, {
    command: 'compare',
    digests: bases.map(({ base }) => base.scenario.digest),
    seed: first.seed,
    folder: `results/${bases.map(({ name }) => name).join('-against-')}`.slice(0, 120),
  });
  const { answer, folder, records } = outcome;
  writeRuns(folder, points, records);
  writeTable(folder, metricsTable(points), metricRows(answer.variants));
  writeTable(folder, comparisonsTable, comparisonRows(answer.variants));
  const known = [...new Set(answer.variants.flatMap(({ intervals }) => Object.keys(intervals)))];
  const shown = shownMetrics(args.metrics, known);
  const rows = shown.map((metric) => [
    metric,
    ...answer.variants.map(({ intervals }) =>
      intervals[metric] ? intervalText(metric, intervals[metric]) : '-',
    ),
  ]);
  const lines = [
    `${answer.n} replications with the same random numbers, intervals of ${args.confidence * 100} %`,
    '',
    ...terminalTable(['metric', ...points.map(({ id }) => id)], rows),
    '',
    ...answer.variants.slice(1).flatMap((variant) => sentences(variant, shown)),
    `(differences are from ${points[0]!.id})`,
  ];
  return conclude(
    outcome,
    bases.map(({ base }) => base.scenario),
    lines,
    args.quiet,
  );
}

function sentences({ point, against }: ComparedVariant<unknown>, shown: readonly string[]): string[] {
  return shown.flatMap((metric) => {
    const comparison = against[metric];
    return comparison === undefined
      ? []
      : [verdictSentence(point.id, metric, comparison, (value) => differenceText(metric, value))];
  });
}

/** Several scenarios, or one under several schedulers. */
async function variantsOf(args: CompareArgs): Promise<{ name: string; base: Base }[]> {
  const { scenarios, schedulers } = args;
  if (schedulers.length > 0 && scenarios.length > 1)
    throw new UsageError('give either several scenarios, or one scenario and --schedulers');
  const variants: { name: string; base: Base }[] = [];
  if (schedulers.length === 0) {
    for (const file of scenarios) {
      const base = await openBase(file, args);
      variants.push({ name: base.scenario.name, base });
    }
    return variants;
  }
  for (const file of schedulers) {
    const edit: Edit = ({ scheduler: _, ...rest }) =>
      file === 'default' ? rest : { ...rest, scheduler: file };
    const base = await openBase(scenarios[0]!, args, { edit });
    variants.push({ name: file.replace(/^.*[/\\]/, '').replace(/\.(ya?ml|json)$/, ''), base });
  }
  return variants;
}
