/** A whole run from a loaded scenario to its result: what the library and the commands call. */
import { parseDurationUs } from '../base/duration.ts';
import { Recorder } from '../metrics/recorder.ts';
import type { RecordSinks, RefusalRecord } from '../metrics/records.ts';
import type { RunMetrics } from '../metrics/run-metrics.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { KubeScheduler } from '../scheduler/kube-scheduler.ts';
import { Run } from './run.ts';
import type { RunOptions } from './wire.ts';

export interface SimulateOptions extends Omit<RunOptions, 'observer'> {
  /** Hears of single pods, events and workloads as they end. */
  readonly sinks?: RecordSinks;
  /** False: nothing is measured; the run itself is the same. */
  readonly recordsMetrics?: boolean;
  /**
   * Called after each slice with virtual time in microseconds; answering false ends the run there, and the result says
   * so. May take its time: virtual time stands still.
   */
  readonly onSlice?: (progress: RunProgress) => boolean | Promise<boolean>;
}

export interface RunProgress {
  readonly nowUs: number;
  /** Infinity if the run has no fixed end. */
  readonly untilUs: number;
  readonly nEvents: number;
}

/** What came out. Plain data, the same on every machine. */
export interface RunResult {
  readonly scenario: Scenario;
  readonly seed: string | number;
  readonly replication: number;
  readonly metrics: RunMetrics;
  /** Digest of everything that happened: equal hashes, equal runs. */
  readonly traceHash: string;
  readonly nTransitions: number;
  readonly nEvents: number;
  readonly endUs: number;
  readonly nSkippedRows: number;
  /** Actions of the timeline and parts of the workload that were refused, in the order of time. */
  readonly refusals: readonly RefusalRecord[];
  /** How the scheduler's cycles were served, by scheduler. */
  readonly speed: KubeScheduler['speed'];
  /** The run was stopped before its end. */
  readonly isPartial: boolean;
}

/**
 * Runs a scenario to its end.
 * @param files where traces are read from; the same that the scenario was loaded with
 * @throws InputError for a wrong row of a trace, BugError when the simulator contradicts itself
 */
export async function simulate(
  scenario: Scenario,
  files: Files,
  options: SimulateOptions = {},
): Promise<RunResult> {
  const { sinks, recordsMetrics = true, onSlice, ...runOptions } = options;
  const recorder = newRecorder(scenario, sinks);
  const run = await Run.open(scenario, files, {
    ...runOptions,
    ...(recordsMetrics && { observer: recorder }),
  });
  const isInterrupted = await drive(run, onSlice);
  const { simulation, server, controllers } = run.world;
  const queues = [...controllers.host.queues.loads(controllers.host.process.name), ...server.queues()];
  return {
    scenario,
    seed: options.seed ?? scenario.spec.seed,
    replication: options.replication ?? 0,
    metrics: recorder.finish(simulation.nowUs, server.load(), queues),
    traceHash: simulation.trace.digest(),
    nTransitions: simulation.trace.nTransitions,
    nEvents: simulation.nEvents,
    endUs: simulation.nowUs,
    nSkippedRows: run.nSkippedRows,
    refusals: run.refusals.list(),
    speed: run.world.scheduler.speed,
    isPartial: isInterrupted || run.isStopped,
  };
}

function newRecorder({ spec }: Scenario, sinks: RecordSinks | undefined): Recorder {
  const sampleEvery = spec.output?.sampleEvery;
  return new Recorder({
    ...(sinks && { sinks }),
    ...(sampleEvery !== undefined && { sampleEveryUs: parseDurationUs(sampleEvery) }),
  });
}

/** True if the run was stopped early. */
async function drive(run: Run, onSlice: SimulateOptions['onSlice']): Promise<boolean> {
  const { simulation, untilUs } = run.world;
  while ((await run.advance()) === 'more') {
    const progress = { nowUs: run.nowUs, untilUs, nEvents: simulation.nEvents };
    if (onSlice && !(await onSlice(progress))) return true;
  }
  return false;
}
