/**
 * The files of a run: tables that grow while it goes on (pods, workloads, replicas, events), and what is written when it
 * has ended. Who calls gives each file somewhere to write to.
 */
import type { RecordSinks } from '../metrics/records.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';
import { csvWriter } from './csv.ts';
import { jsonText, runJson, summaryJson, timingJson } from './json.ts';
import type { RunIdentity, RunReport, Timing } from './run-report.ts';
import type { Table } from './table.ts';
import { API, apiRows } from './tables/api.ts';
import { EVENTS } from './tables/events.ts';
import { LATENCY } from './tables/latency.ts';
import { nodeRows, nodesTable } from './tables/nodes.ts';
import { PODS } from './tables/pods.ts';
import { QUEUES } from './tables/queues.ts';
import { utilizationTable } from './tables/utilization.ts';
import { REPLICAS, WORKLOADS } from './tables/workloads.ts';

export interface StreamedTables {
  /** For the run to tell its records to. */
  readonly sinks: RecordSinks;
  /** Hands on what has not been written yet. */
  flush(): void;
}

/** @param open begins a file and answers what takes its bytes, piece by piece; a piece is only valid during the call */
export function streamTables(
  open: (file: string) => (piece: Uint8Array) => void,
  options: { readonly events?: boolean } = {},
): StreamedTables {
  const flushes: (() => void)[] = [];
  const sink = <R>(table: Table<R>): ((record: R) => void) => {
    const { row, flush } = csvWriter(table, open(table.file));
    flushes.push(flush);
    return row;
  };
  const sinks: RecordSinks = {
    pod: sink(PODS),
    workload: sink(WORKLOADS),
    replicas: sink(REPLICAS),
    ...(options.events && { event: sink(EVENTS) }),
  };
  return {
    sinks,
    flush: () => {
      for (const flush of flushes) flush();
    },
  };
}

export interface ResultFile {
  readonly file: string;
  readonly text: string;
}

/** What is written once the run has ended; one file's text at a time is made. */
export function* resultFiles(
  report: RunReport,
  identity: RunIdentity,
  timing?: Timing,
): Generator<ResultFile> {
  const { metrics } = report;
  yield { file: 'summary.json', text: jsonText(summaryJson(report)) };
  yield* tableFiles(metrics);
  yield { file: 'run.json', text: jsonText(runJson(identity)) };
  if (timing) yield { file: 'timing.json', text: jsonText(timingJson(timing, metrics.endUs)) };
}

function* tableFiles(metrics: RunMetrics): Generator<ResultFile> {
  yield fileOf(nodesTable(metrics.nodes), nodeRows(metrics.nodes));
  const { samples } = metrics.utilization;
  yield fileOf(utilizationTable(metrics.resources, samples), samples);
  yield fileOf(LATENCY, metrics.latency);
  if (metrics.api) yield fileOf(API, apiRows(metrics.api));
  yield fileOf(QUEUES, metrics.queues);
}

function fileOf<R>(table: Table<R>, rows: Iterable<R>): ResultFile {
  const decoder = new TextDecoder();
  let text = '';
  const { row, flush } = csvWriter(table, (piece) => {
    text += decoder.decode(piece, { stream: true });
  });
  for (const each of rows) row(each);
  flush();
  return { file: table.file, text };
}
