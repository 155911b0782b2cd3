/** summary.json, run.json and timing.json as plain objects whose keys stand in a fixed order. Times are in seconds. */
import type { LatencySummary } from '../metrics/latency-book.ts';
import type { PoolSummary, QueueLoad, RunMetrics } from '../metrics/run-metrics.ts';
import type { RunIdentity, RunReport, Timing } from './run-report.ts';
import { rounded, seconds } from './table.ts';
import { totalOf } from './tables/api.ts';
import { resourceUnit } from './tables/resources.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** As it goes into a file. */
export function jsonText(value: Json): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

export function summaryJson(report: RunReport): Json {
  const { metrics } = report;
  const { pods, scheduling, startupObjective: objective } = metrics;
  return {
    scenario: report.name,
    complete: !report.isPartial,
    ...(report.stopReason && { stopped: report.stopReason }),
    simulatedSeconds: metrics.endUs / 1e6,
    pods: {
      created: pods.nCreated,
      scheduled: pods.nScheduled,
      succeeded: pods.nSucceeded,
      failed: pods.nFailed,
      deleted: pods.nDeleted,
      pendingAtEnd: pods.nPending,
      startingAtEnd: pods.nStarting,
      runningAtEnd: pods.nRunning,
      restarts: pods.nRestarts,
    },
    pending: metrics.pending.map(({ reason, nPods, example }) => ({ reason, pods: nPods, example })),
    scheduling: {
      attempts: scheduling.nAttempts,
      failedAttempts: scheduling.nFailedAttempts,
      preemptions: scheduling.nPreemptions,
      victims: scheduling.nVictims,
    },
    latencySeconds: Object.fromEntries(
      metrics.latency.filter(({ className }) => className === '').map((row) => [row.phase, latencyJson(row)]),
    ),
    startupObjective: {
      pods: objective.nPods,
      boundSeconds: objective.boundUs / 1e6,
      p99Seconds: seconds(objective.p99Us) ?? null,
      met: objective.isMet,
    },
    refusedActions: report.refusals.map(({ atUs, place, action, reason }) => ({
      atSeconds: atUs / 1e6,
      place,
      action,
      reason,
    })),
    evictions: metrics.evictions,
    pools: metrics.pools.map(poolJson),
    workloads: workloadsJson(metrics),
    api: apiJson(metrics),
    queues: metrics.queues.filter(({ depthMax }) => depthMax > 0).map(queueJson),
    input: {
      ignoredKinds: Object.fromEntries(report.ignored),
      helmHooks: report.nHooks,
      skippedRows: report.nSkippedRows,
      missing: report.missing,
      notModelled: report.notModelled,
    },
  };
}

function latencyJson(row: LatencySummary): Json {
  return {
    count: row.n,
    mean: row.meanUs / 1e6,
    min: row.minUs / 1e6,
    p50: row.p50Us / 1e6,
    p90: row.p90Us / 1e6,
    p95: row.p95Us / 1e6,
    p99: row.p99Us / 1e6,
    max: row.maxUs / 1e6,
  };
}

function poolJson(pool: PoolSummary): Json {
  const inUse = pool.resources.filter(({ meanRatio }) => meanRatio !== null);
  return {
    pool: pool.pool || '*',
    nodes: pool.nNodes,
    nodesMax: pool.nNodesMax,
    nodeHours: rounded(pool.nodeHours) ?? null,
    idleNodeHours: rounded(pool.idleNodeHours) ?? null,
    cost: rounded(pool.cost) ?? null,
    resources: Object.fromEntries(
      inUse.map((one) => {
        const { unit, scale } = resourceUnit(one.resource);
        const allocatable = rounded(one.allocatable * scale) ?? null;
        const requested = rounded(one.requested * scale) ?? null;
        const mean = rounded(one.meanRatio) ?? null;
        const max = rounded(one.ratioMax) ?? null;
        const usedMean = rounded(one.usedMeanRatio) ?? null;
        return [one.resource, { unit, allocatable, requested, mean, max, usedMean }];
      }),
    ),
  };
}

function workloadsJson({ workloads }: RunMetrics): Json {
  return {
    count: workloads.nWorkloads,
    missedReplicaSeconds: workloads.missedReplicaUs / 1e6,
    desiredReplicaSeconds: workloads.desiredReplicaUs / 1e6,
    disruptions: workloads.nDisruptions,
    rollouts: workloads.nRollouts,
    jobs: {
      created: workloads.jobs.nCreated,
      complete: workloads.jobs.nComplete,
      failed: workloads.jobs.nFailed,
    },
  };
}

function apiJson({ api }: RunMetrics): Json {
  if (!api) return null;
  return {
    requests: totalOf(api.requests),
    refused: totalOf(api.failures),
    etcdWrites: api.etcdWrites,
    etcdBytes: api.etcdBytes,
    etcdBytesWritten: api.etcdBytesWritten,
    watchEvents: api.watchEvents,
  };
}

function queueJson(row: QueueLoad): Json {
  return {
    program: row.program,
    queue: row.queue,
    depthMean: rounded(row.depthMean) ?? null,
    depthMax: row.depthMax,
    adds: row.nAdds,
    retries: row.nRetries,
    waitMeanSeconds: seconds(row.waitUsMean) ?? null,
    waitMaxSeconds: seconds(row.waitUsMax) ?? null,
  };
}

export function runJson(run: RunIdentity): Json {
  return {
    wavetank: run.version,
    engine: run.engine,
    scenario: run.scenario,
    file: run.file,
    digest: run.digest,
    seed: run.seed,
    replication: run.replication,
    overrides: run.overrides,
    traceHash: run.traceHash,
    transitions: run.nTransitions,
    simulatedSeconds: run.endUs / 1e6,
    complete: !run.isPartial,
  };
}

export function timingJson(timing: Timing, endUs: number): Json {
  return {
    wallSeconds: timing.wallSeconds,
    cpuSeconds: timing.cpuSeconds,
    events: timing.nEvents,
    eventsPerCpuSecond: Math.round(timing.nEvents / timing.cpuSeconds),
    simulatedPerWallSecond: rounded(endUs / 1e6 / timing.wallSeconds) ?? null,
    rssBytesMax: timing.rssBytesMax,
  };
}
