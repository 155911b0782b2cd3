/**
 * A run's figures by name, as objectives and comparisons of experiments use them: `pods.pending`,
 * `latency.scheduling.p99`, `utilization.cpu.mean`, `cost`. Times in seconds, shares from 0 to 1.
 */
import { PHASES } from './latency-book.ts';
import type { PoolSummary, RunMetrics } from './run-metrics.ts';

type MetricUnit = 's' | 'h' | 'share' | '';

const UNITS: readonly (readonly [RegExp, MetricUnit])[] = [
  [/^latency\.|\.seconds$/, 's'],
  [/(^|\.)(nodeHours|idleNodeHours)$/, 'h'],
  [/(^|\.)(utilization|use)\.|Ratio$/, 'share'],
];

/** What a metric is measured in; '' for counts, and for costs. */
export function unitOf(metric: string): MetricUnit {
  return UNITS.find(([names]) => names.test(metric))?.[1] ?? '';
}

/** `null`: the run has no such value (a quantile of nothing). */
export type FlatMetrics = Record<string, number | null>;

export function flatMetrics(metrics: RunMetrics): FlatMetrics {
  const { pods, scheduling, workloads, pools } = metrics;
  const [cluster, ...others] = pools as [PoolSummary, ...PoolSummary[]];
  const missedRatio =
    workloads.desiredReplicaUs > 0 ? workloads.missedReplicaUs / workloads.desiredReplicaUs : null;
  const { jobs } = workloads;
  return {
    'simulated.seconds': metrics.endUs / 1e6,
    'pods.created': pods.nCreated,
    'pods.scheduled': pods.nScheduled,
    'pods.pending': pods.nPending,
    'pods.running': pods.nRunning,
    'pods.succeeded': pods.nSucceeded,
    'pods.failed': pods.nFailed,
    'pods.restarts': pods.nRestarts,
    'pods.evicted': Object.values(metrics.evictions).reduce((sum, n) => sum + n, 0),
    'scheduling.attempts': scheduling.nAttempts,
    'scheduling.failedAttempts': scheduling.nFailedAttempts,
    'scheduling.preemptions': scheduling.nPreemptions,
    'workloads.missedRatio': missedRatio,
    'workloads.disruptions': workloads.nDisruptions,
    'jobs.complete': jobs.nComplete,
    'jobs.failed': jobs.nFailed,
    ...latencyMetrics(metrics),
    ...poolMetrics(cluster, ''),
    ...Object.assign({}, ...others.map((pool) => poolMetrics(pool, `pool.${pool.pool}.`))),
  };
}

/** All phases, measured or not, so that an objective on any of them is known. */
function latencyMetrics({ latency }: RunMetrics): FlatMetrics {
  const flat: FlatMetrics = {};
  for (const { name } of PHASES) {
    const row = latency.find(({ phase, className }) => phase === name && className === '');
    const usOf = { mean: row?.meanUs, p50: row?.p50Us, p90: row?.p90Us, p99: row?.p99Us, max: row?.maxUs };
    for (const [what, us] of Object.entries(usOf)) {
      flat[`latency.${name}.${what}`] = us === undefined ? null : us / 1e6;
    }
  }
  return flat;
}

function poolMetrics(pool: PoolSummary, prefix: string): FlatMetrics {
  const flat: FlatMetrics = {
    [`${prefix}nodes`]: pool.nNodes,
    [`${prefix}nodesMax`]: pool.nNodesMax,
    [`${prefix}nodeHours`]: pool.nodeHours,
    [`${prefix}idleNodeHours`]: pool.idleNodeHours,
    [`${prefix}cost`]: pool.cost,
  };
  for (const { resource, meanRatio, ratioMax, usedMeanRatio, usedRatioMax } of pool.resources) {
    flat[`${prefix}utilization.${resource}.mean`] = meanRatio;
    flat[`${prefix}utilization.${resource}.max`] = ratioMax;
    if (resource !== 'cpu' && resource !== 'memory') continue;
    flat[`${prefix}use.${resource}.mean`] = usedMeanRatio;
    flat[`${prefix}use.${resource}.max`] = usedRatioMax;
  }
  return flat;
}
