/** One replication of one point of an experiment: from a setting that is plain data to the figures of the run. */
import type { InstanceType } from '../catalog/instance-type.ts';
import { type FlatMetrics, flatMetrics } from '../metrics/flat-metrics.ts';
import type { NodeColumns, UtilizationSeries } from '../metrics/run-metrics.ts';
import type { Files } from '../scenario/files.ts';
import { loadScenario, type Scenario } from '../scenario/load-scenario.ts';
import { withFirstNodes } from './first-nodes.ts';
import { byFactor, byMore, grownScenario, type More } from './scaled-objects.ts';
import { type SimulateOptions, simulate } from './simulate.ts';
import type { Trial } from './survival.ts';

/** A scenario and what is changed about it; goes to other threads and machines as JSON. */
export interface PointSetting {
  /** The scenario file; what it names is looked for beside it. */
  readonly file: string;
  /** In place of what the file holds; absent: as it is. */
  readonly data?: unknown;
  /** Multiplies the replicas of all workloads that the scenario starts with, rounded up; 1 by default. */
  readonly copies?: number;
  readonly more?: More;
  /** Of the nodes that the scenario lists beside its groups only the first so many; all by default. */
  readonly nNodes?: number;
  /** Trials that the cluster is put through beside. */
  readonly survive?: readonly Trial[];
}

export interface PointRun {
  readonly seed: string;
  readonly replication: number;
}

/** What a run came to. Plain data. */
export interface PointOutcome {
  readonly metrics: FlatMetrics;
  readonly utilization: UtilizationSeries;
  readonly nodes: NodeColumns;
  readonly traceHash: string;
  readonly isPartial: boolean;
}

/** @throws InputError for a setting that is no sound scenario */
export async function loadPoint(
  { file, data, copies = 1, more, nNodes }: PointSetting,
  files: Files,
  instanceTypes: readonly InstanceType[] = [],
): Promise<Scenario> {
  const scenario = await loadScenario(file, files, {
    instanceTypes,
    ...(data !== undefined && { edit: () => data }),
  });
  const cut = nNodes === undefined ? scenario : withFirstNodes(scenario, nNodes);
  const grown = copies === 1 ? cut : grownScenario(cut, byFactor(copies));
  return more === undefined ? grown : grownScenario(grown, byMore(more));
}

/** Runs a loaded point once. */
export async function runPoint(
  scenario: Scenario,
  files: Files,
  { seed, replication }: PointRun,
  onSlice?: SimulateOptions['onSlice'],
): Promise<PointOutcome> {
  const { metrics, traceHash, isPartial } = await simulate(scenario, files, {
    seed,
    replication,
    ...(onSlice && { onSlice }),
  });
  const { utilization, nodes } = metrics;
  return { metrics: flatMetrics(metrics), utilization, nodes, traceHash, isPartial };
}
