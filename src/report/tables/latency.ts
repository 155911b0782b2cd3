/** latency.csv: how long the phases took, for all pods and for each class. */
import { type LatencySummary, PHASES } from '../../metrics/latency-book.ts';
import { type Column, column, seconds, type Table } from '../table.ts';

const time = (
  name: string,
  description: string,
  of: (row: LatencySummary) => number,
): Column<LatencySummary> => column(name, 's', description, (row) => seconds(of(row)));

const phases = PHASES.map(({ name, description }) => `\`${name}\` (${description})`).join(', ');

export const LATENCY: Table<LatencySummary> = {
  file: 'latency.csv',
  description:
    'Quantiles of durations by phase and class. Up to 128 values they are exact: the smallest value that at least that share of the values does not exceed. Beyond, they are off by at most 0.8 %; count, minimum and maximum stay exact.',
  columns: [
    column('phase', '', phases, (row) => row.phase),
    column('class', '', 'As in pods.csv; `*` is all together', (row) => row.className || '*'),
    column('count', '', 'Durations measured', (row) => row.n),
    time('mean_s', 'Mean', (row) => row.meanUs),
    time('min_s', 'Shortest', (row) => row.minUs),
    time('p50_s', 'Median', (row) => row.p50Us),
    time('p90_s', '90th percentile', (row) => row.p90Us),
    time('p95_s', '95th percentile', (row) => row.p95Us),
    time('p99_s', '99th percentile', (row) => row.p99Us),
    time('max_s', 'Longest', (row) => row.maxUs),
  ],
};
