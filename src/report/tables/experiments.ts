/** Tables of experiments: one row per point and metric, per comparison, per run. */
import type { ComparedVariant } from '../../experiment/compare.ts';
import type { Metrics, Point } from '../../experiment/experiment.ts';
import { objectiveText } from '../../experiment/objectives.ts';
import type { Intervals } from '../../experiment/replicate.ts';
import type { MaxResult } from '../../experiment/search/max.ts';
import type { Interval } from '../../experiment/statistics/interval.ts';
import type { PairedComparison } from '../../experiment/statistics/paired.ts';
import { type Column, column, rounded, type Table } from '../table.ts';

/** A row about a point. */
interface OfPoint {
  readonly point: Point<unknown>;
}

export interface MetricRow extends OfPoint {
  readonly metric: string;
  readonly interval: Interval;
}

export interface ComparisonRow extends OfPoint {
  readonly metric: string;
  readonly comparison: PairedComparison;
}

export interface RunRow extends OfPoint {
  readonly replication: number;
  readonly traceHash: string;
  readonly metrics: Metrics;
}

function pointColumns<R extends OfPoint>(points: readonly Point<unknown>[]): Column<R>[] {
  const axes = [...new Set(points.flatMap(({ labels }) => Object.keys(labels)))];
  return [
    column('point', '', 'Id of the point: its folder under runs/.', ({ point }) => point.id),
    ...axes.map((axis) =>
      column<R>(axis, '', `Value of ${axis} at this point.`, ({ point }) => point.labels[axis]),
    ),
  ];
}

export function metricRows(results: readonly { point: Point<unknown>; intervals: Intervals }[]): MetricRow[] {
  return results.flatMap(({ point, intervals }) =>
    Object.entries(intervals).map(([metric, interval]) => ({ point, metric, interval })),
  );
}

export function metricsTable(points: readonly Point<unknown>[]): Table<MetricRow> {
  return {
    file: 'metrics.csv',
    description: 'Mean and confidence interval of every metric at every point.',
    columns: [
      ...pointColumns<MetricRow>(points),
      column('metric', '', 'Name of the metric.', (row) => row.metric),
      column('n', '', 'Replications that have a value.', ({ interval }) => interval.n),
      column('mean', '', 'Mean over the replications.', ({ interval }) => rounded(interval.mean)),
      column('std_dev', '', 'Standard deviation over the replications.', ({ interval }) =>
        rounded(Math.sqrt(interval.variance)),
      ),
      column('half_width', '', 'Half the width of the interval.', ({ interval }) =>
        rounded(interval.halfWidth),
      ),
      column('low', '', 'Lower end of the interval.', ({ interval }) => rounded(interval.low)),
      column('high', '', 'Upper end of the interval.', ({ interval }) => rounded(interval.high)),
      column('confidence', '', 'Confidence of the interval.', ({ interval }) => interval.confidence),
    ],
  };
}

export function comparisonRows(variants: readonly ComparedVariant<unknown>[]): ComparisonRow[] {
  return variants.flatMap(({ point, against }) =>
    Object.entries(against).map(([metric, comparison]) => ({ point, metric, comparison })),
  );
}

export const comparisonsTable: Table<ComparisonRow> = {
  file: 'comparisons.csv',
  description: 'Every variant against the first, by paired differences (variant minus first).',
  columns: [
    column('variant', '', 'Name of the variant.', ({ point }) => point.id),
    column('metric', '', 'Name of the metric.', (row) => row.metric),
    column(
      'verdict',
      '',
      'lower, higher, not significant, identical or unknown.',
      (row) => row.comparison.verdict,
    ),
    column('n', '', 'Replications in which both have a value.', (row) => row.comparison.difference.n),
    column('n_unpaired', '', 'Replications left out.', (row) => row.comparison.nUnpaired),
    column('mean_first', '', 'Mean of the first variant.', (row) => rounded(row.comparison.meanFirst)),
    column('mean', '', 'Mean of this variant.', (row) => rounded(row.comparison.meanSecond)),
    column('difference', '', 'Mean difference.', (row) => rounded(row.comparison.difference.mean)),
    column('low', '', 'Lower end of its interval.', (row) => rounded(row.comparison.difference.low)),
    column('high', '', 'Upper end of its interval.', (row) => rounded(row.comparison.difference.high)),
    column('confidence', '', 'Confidence of the interval.', (row) => row.comparison.difference.confidence),
  ],
};

export function runsTable(rows: readonly RunRow[]): Table<RunRow> {
  const names = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
  return {
    file: 'runs.csv',
    description: 'Every run with all of its metrics.',
    columns: [
      ...pointColumns<RunRow>(rows.map(({ point }) => point)),
      column('replication', '', 'Number of the replication.', (row) => row.replication),
      column('trace_hash', '', 'Digest of all that happened in the run.', (row) => row.traceHash),
      ...names.map((name) =>
        column<RunRow>(name, '', 'As in metrics.csv.', (row) => rounded(row.metrics[name])),
      ),
    ],
  };
}

export interface ScaleRow {
  /** What is scaled: a field, "copies", or a workload. */
  readonly scaled: string;
  readonly judged: MaxResult<unknown>['judged'][number];
}

export const scalesTable: Table<ScaleRow> = {
  file: 'scales.csv',
  description: 'Every scale that was judged, ascending.',
  columns: [
    column('scaled', '', 'The field, "copies", or a workload that is given more pods.', (row) => row.scaled),
    column('scale', '', 'Multiple of the load, or pods more of the workload.', (row) => row.judged.scale),
    column('met', '', 'Whether all objectives are met: yes or no.', (row) =>
      row.judged.judged.met ? 'yes' : 'no',
    ),
    column('certain', '', 'Whether the replications decided it: yes or no.', (row) =>
      row.judged.judged.certain ? 'yes' : 'no',
    ),
    column('replications', '', 'Replications made.', (row) => row.judged.judged.nReplications),
    column('missed', '', 'Objectives that are missed, with the value found.', (row) =>
      missedText(row.judged.judged.judgement),
    ),
  ],
};

type Judgement = MaxResult<unknown>['judged'][number]['judged']['judgement'];

type Format = (metric: string, value: number) => string;

/** An objective with the value found, `pods.pending <= 0 (3)`. */
export function foundText(
  { objective, value }: Judgement['results'][number],
  format: Format = (_, bare) => String(rounded(bare)),
): string {
  const found = value === null ? 'no value' : format(objective.metric, value);
  return `${objectiveText(objective, format)} (${found})`;
}

/** So for each objective that is not met. */
export function missedText({ results }: Judgement, format?: Format): string {
  const missed = results.filter(({ verdict }) => verdict !== 'met');
  return missed.map((result) => foundText(result, format)).join('; ');
}
