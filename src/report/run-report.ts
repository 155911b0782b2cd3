/** All that a finished run reports: what was measured, and what the reader must know of its input. */
import type { RefusalRecord } from '../metrics/records.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';

export interface RunReport {
  /** Of the scenario. */
  readonly name: string;
  readonly metrics: RunMetrics;
  /** Objects of kinds that are not modelled, by kind. */
  readonly ignored: ReadonlyMap<string, number>;
  /** Helm hooks and tests that were left out. */
  readonly nHooks: number;
  /** Rows of traces that were wrong and left out. */
  readonly nSkippedRows: number;
  /** Actions of the timeline and parts of the workload that were refused. */
  readonly refusals: readonly RefusalRecord[];
  /** What objects rely on and what is not there, a sentence each. */
  readonly missing: readonly string[];
  /** What in the input has no effect in the model, a sentence each. */
  readonly notModelled: readonly string[];
  /** Did the run stop before its end? And why, if so. */
  readonly isPartial: boolean;
  readonly stopReason?: StopReason;
}

export type StopReason = 'interrupted' | 'refused action' | 'out of memory';

/** What it takes to get the same bytes again. */
export interface RunIdentity {
  /** Of wavetank. */
  readonly version: string;
  /** Of the JavaScript engine, as `node v20.19.0`: logarithms may differ in the last bit between engines. */
  readonly engine: string;
  readonly scenario: string;
  readonly file: string;
  readonly digest: string;
  readonly seed: string | number;
  readonly replication: number;
  /** What the command line changed, by flag. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly traceHash: string;
  readonly nTransitions: number;
  readonly endUs: number;
  readonly isPartial: boolean;
}

/** How long the computer took: never part of the results that two runs must share. */
export interface Timing {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly nEvents: number;
  readonly rssBytesMax: number;
}
