// What experiments write and print in common.

import { nearestName } from '../../base/nearest.ts';
import type { Point } from '../../experiment/experiment.ts';
import type { Interval } from '../../experiment/statistics/interval.ts';
import { csvText } from '../../report/csv.ts';
import type { Table } from '../../report/table.ts';
import { type RunRow, runsTable } from '../../report/tables/experiments.ts';
import type { RunRecord } from '../engine/job.ts';
import { UsageError } from '../usage.ts';
import type { ExperimentFolder } from './experiment-folder.ts';
import { metricText } from './metric-text.ts';

/** Shown where the user names none, as far as the runs have them. */
const SHOWN = [
  'pods.pending',
  'latency.scheduling.p50',
  'latency.scheduling.p99',
  'latency.startup.p99',
  'utilization.cpu.mean',
  'utilization.memory.mean',
  'scheduling.preemptions',
  'idleNodeHours',
  'jobs.complete',
  'cost',
];

export function writeTable<R>(folder: ExperimentFolder, table: Table<R>, rows: readonly R[]): void {
  folder.write(table.file, csvText(table, rows));
}

/** The runs of `points`, by point and replication: the order in which they were made leaves no trace. */
export function writeRuns(
  folder: ExperimentFolder,
  points: readonly Point<unknown>[],
  records: ReadonlyMap<string, RunRecord>,
): void {
  const rows: RunRow[] = [];
  for (const point of points) {
    for (let replication = 0; ; replication++) {
      const record = records.get(`${point.id}/${replication}`);
      if (record === undefined) break;
      rows.push({ point, replication, ...record });
    }
  }
  writeTable(folder, runsTable(rows), rows);
}

/** @throws UsageError for a metric that there is not */
export function shownMetrics(wanted: readonly string[], known: readonly string[]): readonly string[] {
  for (const metric of wanted) {
    if (known.includes(metric)) continue;
    const near = nearestName(metric, known);
    throw new UsageError(
      `--metrics: there is no metric ${metric}${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  }
  return wanted.length > 0 ? wanted : SHOWN.filter((metric) => known.includes(metric));
}

/** `12.3s ± 0.4s`; `-` where no run has a value. */
export function intervalText(metric: string, { n, mean, halfWidth }: Interval): string {
  if (n === 0) return '-';
  const text = metricText(metric, mean);
  return Number.isFinite(halfWidth) ? `${text} ± ${metricText(metric, halfWidth)}` : text;
}
