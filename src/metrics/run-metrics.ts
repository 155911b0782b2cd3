/** The result of watching a run: plain data, the same on every machine. */
import type { LatencySummary } from './latency-book.ts';
import type { WorkloadTotals } from './workload-ledger.ts';

export interface PodTotals {
  readonly nCreated: number;
  /** Bound to a node, static pods included. */
  readonly nScheduled: number;
  readonly nSucceeded: number;
  readonly nFailed: number;
  /** Gone without having finished. */
  readonly nDeleted: number;
  /** At the end of the run: without a node; on a node but not running yet; running. */
  readonly nPending: number;
  readonly nStarting: number;
  readonly nRunning: number;
  readonly nRestarts: number;
}

export interface SchedulingTotals {
  /** Scheduling cycles, and those that found no node. */
  readonly nAttempts: number;
  readonly nFailedAttempts: number;
  readonly nPreemptions: number;
  readonly nVictims: number;
}

/** Pods that are pending at the end for one and the same reason. */
export interface PendingReason {
  /** In kube-scheduler's own words. */
  readonly reason: string;
  readonly nPods: number;
  /** `namespace/name` of the oldest of them. */
  readonly example: string;
}

/** One resource in one pool. `cpu` in millicores, the rest in bytes or pieces. */
export interface PoolResource {
  readonly resource: string;
  /** At the end of the run. */
  readonly allocatable: number;
  readonly requested: number;
  /** Mean over time and largest share of what was there; null if there was never any. */
  readonly meanRatio: number | null;
  readonly ratioMax: number | null;
  /** The same of what was in use; null where the nodes tell nothing of it. */
  readonly usedMeanRatio: number | null;
  readonly usedRatioMax: number | null;
}

export interface PoolSummary {
  /** '' is the whole cluster. */
  readonly pool: string;
  readonly nNodes: number;
  readonly nNodesMax: number;
  readonly nodeHours: number;
  /** Of them, those without any pod but those of DaemonSets. */
  readonly idleNodeHours: number;
  /** null if no price is known. */
  readonly cost: number | null;
  readonly resources: readonly PoolResource[];
}

/** One resource of all nodes, a number each. */
export interface NodeResourceColumns {
  readonly resource: string;
  readonly allocatable: Float64Array;
  readonly requested: Float64Array;
  readonly requestedMax: Float64Array;
  /** NaN for a node that never had any. */
  readonly meanRatio: Float64Array;
  /** null where the nodes tell nothing of it. */
  readonly usedMeanRatio: Float64Array | null;
}

/** Every node that ever was, in order of appearance: one entry each in every column. */
export interface NodeColumns {
  readonly name: readonly string[];
  readonly pool: readonly string[];
  readonly zone: readonly string[];
  readonly instanceType: readonly string[];
  readonly addedUs: Float64Array;
  /** NaN for a node that is there at the end. */
  readonly removedUs: Float64Array;
  readonly nPods: Float64Array;
  readonly nPodsMax: Float64Array;
  readonly nPodsEver: Float64Array;
  readonly idleUs: Float64Array;
  /** NaN where no price is known. */
  readonly cost: Float64Array;
  readonly resources: readonly NodeResourceColumns[];
}

/** Pods without a node, and where the scheduler keeps them. */
export interface QueueCounts {
  nPending: number;
  nActive: number;
  nBackoff: number;
  nUnschedulable: number;
  nGated: number;
}

/** The cluster (pool '') or a pool at one moment, after all that happened at it. */
export interface UtilizationSample {
  readonly atUs: number;
  readonly pool: string;
  readonly nNodes: number;
  readonly nNodesReady: number;
  readonly nPods: number;
  /** Pods that wait; only known of the whole cluster. */
  readonly waiting: Readonly<QueueCounts> | null;
  readonly costPerHour: number | null;
  /** By position of the resource in `resources`. */
  readonly allocatable: readonly number[];
  readonly requested: readonly number[];
  /** CPU and memory in use; null where the nodes tell nothing of it. */
  readonly used: readonly number[] | null;
}

export interface UtilizationSeries {
  readonly everyUs: number;
  readonly samples: readonly UtilizationSample[];
}

/** Pods' start-up against the objective of Kubernetes: p99 at most 5 s. */
export interface StartupObjective {
  readonly nPods: number;
  readonly boundUs: number;
  /** null if no pod counts. */
  readonly p99Us: number | null;
  readonly isMet: boolean | null;
}

/** Load of the control plane, as the API server counts it. */
export interface ApiLoad {
  /** By `verb resource`, as in `create Pod` or `patch Pod/status`. */
  readonly requests: ReadonlyMap<string, number>;
  /** Refused ones by `verb resource code`. */
  readonly failures: ReadonlyMap<string, number>;
  readonly etcdWrites: number;
  /** What is stored at the end, and what was written in all; estimates. */
  readonly etcdBytes: number;
  readonly etcdBytesWritten: number;
  readonly watchEvents: number;
}

/** One queue of a part of the control plane, over the whole run. */
export interface QueueLoad {
  readonly program: string;
  readonly queue: string;
  /** null where only the length is known. */
  readonly nAdds: number | null;
  readonly nRetries: number | null;
  /** Over time. */
  readonly depthMean: number;
  readonly depthMax: number;
  /** null if nothing was taken, or where only the length is known. */
  readonly waitUsMean: number | null;
  readonly waitUsMax: number | null;
}

export interface RunMetrics {
  readonly endUs: number;
  readonly pods: PodTotals;
  readonly scheduling: SchedulingTotals;
  /** Most pods first. */
  readonly pending: readonly PendingReason[];
  /** Pods evicted by somebody or something, by reason, in order of first appearance. */
  readonly evictions: Readonly<Record<string, number>>;
  readonly latency: readonly LatencySummary[];
  readonly startupObjective: StartupObjective;
  /** Names of all resources that any node had. */
  readonly resources: readonly string[];
  /** The whole cluster first. */
  readonly pools: readonly PoolSummary[];
  readonly nodes: NodeColumns;
  readonly utilization: UtilizationSeries;
  readonly workloads: WorkloadTotals;
  readonly api: ApiLoad | undefined;
  /** The scheduler's first, then those of other programs. */
  readonly queues: readonly QueueLoad[];
}
