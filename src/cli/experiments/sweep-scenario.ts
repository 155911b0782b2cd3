// What `wavetank sweep` does.

import { parse } from 'yaml';
import { InputError, type Problem } from '../../base/errors.ts';
import { isRecord } from '../../base/values.ts';
import type { Point } from '../../experiment/experiment.ts';
import { expandGrid } from '../../experiment/grid.ts';
import { Sweep } from '../../experiment/sweep.ts';
import { metricRows, metricsTable } from '../../report/tables/experiments.ts';
import { readLocated } from '../../scenario/located-yaml.ts';
import { loadPoint, type PointSetting } from '../../simulator/points.ts';
import type { SweepArgs } from '../commands/sweep.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import { terminalTable } from '../terminal-table.ts';
import { UsageError } from '../usage.ts';
import { replicationsOf } from './experiment-options.ts';
import { intervalText, shownMetrics, writeRuns, writeTable } from './experiment-report.ts';
import { type Base, openBase } from './open-base.ts';
import { conclude, runExperiment } from './session.ts';

export async function sweepScenario(args: SweepArgs): Promise<number> {
  const base = await openBase(args.scenario, args);
  const { axes, points } = await gridOf(base, args);
  await checkValues(points, base, args);
  const options = { seed: base.seed, ...replicationsOf(args) };
  const outcome = await runExperiment(new Sweep(points, options), (setting) => setting, args, {
    command: 'sweep',
    digests: [base.scenario.digest],
    seed: base.seed,
    folder: `results/${base.scenario.name}-sweep`,
  });
  const { answer, folder, records } = outcome;
  writeRuns(folder, points, records);
  const results = answer.map(({ point, result }) => ({ point, intervals: result.intervals }));
  writeTable(folder, metricsTable(points), metricRows(results));
  const known = [...new Set(results.flatMap(({ intervals }) => Object.keys(intervals)))];
  const shown = shownMetrics(args.metrics, known);
  const rows = answer.map(({ point, result }) => [
    ...axes.map(({ name }) => point.labels[name]!),
    ...shown.map((metric) =>
      result.intervals[metric] ? intervalText(metric, result.intervals[metric]) : '-',
    ),
    String(result.n),
  ]);
  const head = [...axes.map(({ name }) => name), ...shown, 'n'];
  const lines = [
    `${base.scenario.name} · ${points.length} points, intervals of ${args.confidence * 100} %`,
    '',
  ];
  return conclude(
    outcome,
    [base.scenario],
    [...lines, ...terminalTable(head, rows, axes.length)],
    args.quiet,
  );
}

async function gridOf(
  base: Base,
  { grid, over, yes }: SweepArgs,
): Promise<{ axes: readonly { name: string }[]; points: Point<PointSetting>[] }> {
  const overlay = { ...(grid === undefined ? {} : await overlayOf(base, grid)), ...axesOf(over) };
  const { axes, points } = expandGrid(base.data, overlay, yes);
  const { file } = base.setting;
  return { axes, points: points.map((point) => ({ ...point, setting: { file, data: point.setting } })) };
}

/** Every value of every axis once, before any run: with the first values of the other axes. */
async function checkValues(
  points: readonly Point<PointSetting>[],
  { files }: Base,
  { catalog }: SweepArgs,
): Promise<void> {
  const instanceTypes = await readInstanceTypes(catalog, files);
  const problems: Problem[] = [];
  for (const { labels, setting } of points) {
    const others = Object.entries(labels).filter(([axis, label]) => points[0]!.labels[axis] !== label);
    if (others.length > 1) continue;
    const value = (others[0] ?? Object.entries(labels)[0]!).join(' = ');
    try {
      await loadPoint(setting, files, instanceTypes);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(
        ...error.problems.map((problem) => ({ ...problem, message: `${problem.message} (${value})` })),
      );
    }
  }
  if (problems.length > 0) throw new InputError(problems);
}

async function overlayOf({ files }: Base, grid: string): Promise<Record<string, unknown>> {
  const { data, problems } = readLocated(await files.read(grid), grid);
  if (problems.length > 0) throw new InputError(problems);
  if (isRecord(data)) return data;
  throw new InputError([
    { file: grid, message: 'expected fields of the scenario, those to be varied with lists of values' },
  ]);
}

function axesOf(over: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    over.map((text) => {
      const [, path, values] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (path === undefined) throw new UsageError(`--over: found ${text}, expected FIELD=[value, value, …]`);
      const value: unknown = parseFlow(values!, text);
      return [path, Array.isArray(value) ? value : [value]];
    }),
  );
}

/** `a, b` is short for `[a, b]`. */
function parseFlow(text: string, flag: string): unknown {
  try {
    return parse(/^\s*\[/.test(text) ? text : `[${text}]`);
  } catch {
    throw new UsageError(`--over: the values of ${flag} are no YAML list`);
  }
}
