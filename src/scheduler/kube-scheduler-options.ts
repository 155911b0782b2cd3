/** What a scheduler is made of. */
import type { Cluster } from '../cluster/cluster.ts';
import type { ApiClient, ApiProcess } from '../kube/api.ts';
import type { SchedulerObserver } from '../metrics/scheduler-observer.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { CycleWork } from './cost-model.ts';
import type { Nominator } from './framework/nominator.ts';
import type { PodInfo } from './framework/plugin.ts';
import type { Profile } from './framework/profile.ts';
import type { ScheduleResult } from './framework/schedule-pod.ts';
import type { HintTable } from './queue/queueing-hints.ts';

/** Finds a node for one pod: the plain scan or an index, which must choose the same. */
export interface SchedulingAlgorithm {
  /** Where the next walk over the nodes starts; all profiles of a scheduler share it. */
  nextStartNodeIndex: number;
  schedule(pod: PodInfo): ScheduleResult;
  /** Of an index: how its cycles were served so far. */
  readonly speed?: SpeedCounts | undefined;
}

export interface SpeedCounts {
  /** Cycles served by the index. */
  readonly nIndexed: number;
  /** Cycles left to the plain scan, by reason. */
  readonly nPlain: ReadonlyMap<string, number>;
}

/** One of the scheduler's profiles with what runs it. */
export interface SchedulerProfile {
  readonly profile: Profile;
  readonly algorithm: SchedulingAlgorithm;
}

export interface KubeSchedulerOptions {
  readonly simulation: Simulation;
  /** Its informers feed the scheduler. */
  readonly process: ApiProcess;
  /** Binds and patches. */
  readonly client: ApiClient;
  /** Records events; absent: none are recorded. */
  readonly events?: ApiClient | undefined;
  /** The scheduler's own, kept current by it alone. */
  readonly cluster: Cluster;
  readonly nominator: Nominator;
  readonly profiles: readonly SchedulerProfile[];
  /** Back-off of pods: podInitialBackoffSeconds and podMaxBackoffSeconds. */
  readonly backoff: { readonly initialUs: number; readonly maxUs: number };
  readonly maxUnschedulableUs: number;
  /** By plugin. */
  readonly hintTables: Readonly<Record<string, HintTable>>;
  /** Virtual time that a scheduling cycle takes; absent: none. */
  readonly cycleUs?: ((work: CycleWork) => number) | undefined;
  /** An integer in [0, n), where preemption may look at nodes in any order; absent: it begins with the first. */
  readonly int?: ((n: number) => number) | undefined;
  /** A pod is not tried while it would fail exactly as another of its class just has. */
  readonly remembersFailures?: boolean;
  readonly observer: SchedulerObserver;
}
