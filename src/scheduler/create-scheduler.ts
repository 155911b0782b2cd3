/**
 * Makes a scheduler from its profiles: the one place where the component meets the algorithm that it runs.
 */
import { Cluster } from '../cluster/cluster.ts';
import type { ApiProcess } from '../kube/api.ts';
import { NO_SCHEDULER_OBSERVER, type SchedulerObserver } from '../metrics/scheduler-observer.ts';
import type { Simulation } from '../sim/simulation.ts';
import { defaultProfile } from './default-profile.ts';
import { Nominator } from './framework/nominator.ts';
import type { Profile } from './framework/profile.ts';
import { PlainScan, type TieBreak } from './framework/schedule-pod.ts';
import { heapTop } from './framework/tie-break.ts';
import { KubeScheduler } from './kube-scheduler.ts';
import type { KubeSchedulerOptions } from './kube-scheduler-options.ts';
import { HINT_TABLES } from './queue/hints/tables.ts';

export interface SchedulerSettings {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  /** Default: the default profile. */
  readonly profiles?: readonly Profile[];
  readonly tieBreak?: TieBreak;
  /** Limits of its clients; absent: none. kube-scheduler's own are 50 and 100. */
  readonly limits?: { readonly qps: number; readonly burst: number };
  readonly recordsEvents?: boolean;
  readonly backoff?: KubeSchedulerOptions['backoff'];
  readonly maxUnschedulableUs?: number;
  readonly cycleUs?: KubeSchedulerOptions['cycleUs'];
  readonly observer?: SchedulerObserver;
}

/** podInitialBackoffSeconds 1, podMaxBackoffSeconds 10 (kubernetes v1.37.2 pkg/scheduler/apis/config/v1/defaults.go). */
const DEFAULT_BACKOFF = { initialUs: 1_000_000, maxUs: 10_000_000 };
/** v1.37.2 pkg/scheduler/backend/queue/scheduling_queue.go DefaultPodMaxInUnschedulablePodsDuration. */
const MAX_UNSCHEDULABLE_US = 300_000_000;

export function createScheduler(settings: SchedulerSettings): KubeScheduler {
  const { simulation, process, profiles = [defaultProfile()], tieBreak = heapTop } = settings;
  const cluster = new Cluster();
  const nominator = new Nominator();
  const limits = settings.limits ?? {};
  return new KubeScheduler({
    simulation,
    process,
    cluster,
    nominator,
    client: process.client({ name: 'kube-scheduler', ...limits }),
    ...(settings.recordsEvents && { events: process.client({ name: 'kube-scheduler-events', ...limits }) }),
    profiles: profiles.map((profile) => ({
      profile,
      algorithm: new PlainScan(cluster, profile, nominator, tieBreak),
    })),
    backoff: settings.backoff ?? DEFAULT_BACKOFF,
    maxUnschedulableUs: settings.maxUnschedulableUs ?? MAX_UNSCHEDULABLE_US,
    hintTables: HINT_TABLES,
    ...(settings.cycleUs && { cycleUs: settings.cycleUs }),
    observer: settings.observer ?? NO_SCHEDULER_OBSERVER,
  });
}
