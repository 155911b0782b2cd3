// One run as a job: what any thread or machine needs to make it, and what it sends back. Jobs have no side effects, so
// that making one twice does no harm.

import { digestOf } from '../../base/canonical-json.ts';
import { EnvironmentError, InputError, type Problem } from '../../base/errors.ts';
import type { InstanceType } from '../../catalog/instance-type.ts';
import type { Metrics } from '../../experiment/experiment.ts';
import { queueMetrics, steadyMetrics } from '../../experiment/steady.ts';
import type { Files } from '../../scenario/files.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { loadPoint, type PointOutcome, type PointSetting, runPoint } from '../../simulator/points.ts';
import { trialPending, trialSettings } from '../../simulator/survival.ts';

export interface RunJob {
  /** `<point>/<replication>`. */
  readonly id: string;
  readonly setting: PointSetting;
  readonly seed: string;
  readonly replication: number;
}

/** Plain data, the same on every machine. */
export interface RunRecord {
  readonly metrics: Metrics;
  readonly traceHash: string;
}

/** Errors lose their class on the way between threads and machines, so they travel as data. */
export type JobReply =
  | { readonly record: RunRecord }
  | { readonly problems: readonly Problem[] }
  | { readonly refusal: string }
  | { readonly bug: string };

/** Settings loaded last: all replications of a point come one after another. */
const N_LOADED_MAX = 4;

/** Makes runs on this thread. */
export class JobRunner {
  readonly #files: Files;
  readonly #instanceTypes: readonly InstanceType[];
  readonly #loaded = new Map<string, Promise<Scenario>>();

  constructor(files: Files, instanceTypes: readonly InstanceType[]) {
    this.#files = files;
    this.#instanceTypes = instanceTypes;
  }

  /** @throws InputError for a setting that is no sound scenario */
  async run(job: RunJob): Promise<RunRecord> {
    const outcome = await this.#simulate(job.setting, job);
    const { metrics, utilization, traceHash } = outcome;
    const survival = await this.#survival(job, outcome);
    const series = { ...steadyMetrics(utilization), ...queueMetrics(utilization) };
    return { metrics: { ...metrics, ...series, ...survival }, traceHash };
  }

  async #simulate(setting: PointSetting, job: RunJob): Promise<PointOutcome> {
    const scenario = await this.#load(setting);
    const outcome = await runPoint(scenario, this.#files, job, async () => {
      await signalsHeard();
      return true;
    });
    await signalsHeard();
    return outcome;
  }

  /** `survive.<trial>.pending`: the most pods left without a node. What has no room as it is survives nothing. */
  async #survival(job: RunJob, outcome: PointOutcome): Promise<Metrics> {
    const survival: Record<string, number> = {};
    for (const trial of job.setting.survive ?? []) {
      let nPending = outcome.metrics['pods.pending'] ?? 0;
      const settings = nPending > 0 ? [] : trialSettings(trial, job.setting, outcome);
      for (const setting of settings) {
        nPending = Math.max(nPending, trialPending(trial, await this.#simulate(setting, job)));
        if (nPending > 0) break;
      }
      survival[`survive.${trial}.pending`] = nPending;
    }
    return survival;
  }

  #load(setting: PointSetting): Promise<Scenario> {
    const key = digestOf(setting);
    const known = this.#loaded.get(key);
    if (known) return known;
    const loading = loadPoint(setting, this.#files, this.#instanceTypes);
    this.#loaded.set(key, loading);
    if (this.#loaded.size > N_LOADED_MAX) this.#loaded.delete(this.#loaded.keys().next().value!);
    return loading;
  }
}

/** Ctrl-C is heard between slices, and between runs of one slice. */
function signalsHeard(): Promise<void> {
  return new Promise(setImmediate);
}

/** Never rejects. */
export async function replyTo(runner: JobRunner, job: RunJob): Promise<JobReply> {
  try {
    return { record: await runner.run(job) };
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems };
    if (error instanceof EnvironmentError) return { refusal: error.message };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** The other end of {@link replyTo}. @throws what went wrong there */
export function recordOf(reply: JobReply, job: RunJob): RunRecord {
  if ('record' in reply) return reply.record;
  if ('problems' in reply) throw new InputError(reply.problems.map((problem) => ({ ...problem })));
  if ('refusal' in reply) throw new EnvironmentError(reply.refusal);
  throw new Error(`run ${job.id}: ${reply.bug}`);
}

/** The text of a record in files: equal runs, equal bytes. Metrics keep their order. */
export function recordText({ traceHash, metrics }: RunRecord): string {
  return `${JSON.stringify({ traceHash, metrics }, null, 1)}\n`;
}
