/**
 * Makes a scheduler from its profiles: the one place where the component meets the algorithm that it runs.
 */
import { assert } from '../base/assert.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { ApiProcess } from '../kube/api.ts';
import { NO_SCHEDULER_OBSERVER, type SchedulerObserver } from '../metrics/scheduler-observer.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { ClassicPolicy } from './classic/policy.schema.ts';
import { classicProfile } from './classic/policy.ts';
import { CLASSIC_REQUESTS } from './classic/release.ts';
import type { KubeSchedulerConfiguration } from './configuration.schema.ts';
import { profilesOf, schedulerConfiguration } from './configuration.ts';
import { cycleCost } from './cost-model.ts';
import { Nominator } from './framework/nominator.ts';
import type { Profile } from './framework/profile.ts';
import { PlainScan, type TieBreak } from './framework/schedule-pod.ts';
import { firstTop, heapTop, randomTop } from './framework/tie-break.ts';
import { ScoreIndex } from './index/score-index.ts';
import { Verified } from './index/verified.ts';
import { KubeScheduler } from './kube-scheduler.ts';
import type { SchedulingAlgorithm } from './kube-scheduler-options.ts';
import { HINT_TABLES } from './queue/hints/tables.ts';
import { type SchedulerModel, schedulerModelSchema } from './scheduler-model.schema.ts';

export interface SchedulerSettings {
  readonly simulation: Simulation;
  readonly process: ApiProcess;
  /** A checked configuration (`schedulerConfiguration`); absent: kube-scheduler's defaults. */
  readonly configuration?: KubeSchedulerConfiguration;
  /** The classic scheduler, in place of the configuration's profiles: looks at every node, breaks ties at random. */
  readonly policy?: ClassicPolicy;
  /** Instead of the configuration's profiles. */
  readonly profiles?: readonly Profile[];
  readonly model?: SchedulerModel;
  /** How nodes are found: by the index (the default), by looking at every node, or by both, which must agree. */
  readonly search?: 'index' | 'plain' | 'verified';
  /** No time passes in scheduling cycles, and its clients are not held to a rate. */
  readonly isInstant?: boolean;
  /** Writes Events about pods; each costs a request. */
  readonly recordsEvents?: boolean;
  /** For choices that kube-scheduler makes at random; absent: preemption looks at nodes from the first one on. */
  readonly streams?: RandomStreams;
  readonly observer?: SchedulerObserver;
}

const SECOND_US = 1_000_000;
/** v1.37.2 pkg/scheduler/backend/queue/scheduling_queue.go DefaultPodMaxInUnschedulablePodsDuration. */
const MAX_UNSCHEDULABLE_US = 300 * SECOND_US;
/** Limits of the clients (v1.37.2 pkg/scheduler/apis/config/v1/defaults.go). */
const DEFAULT_LIMITS = { qps: 50, burst: 100 };

export function createScheduler(settings: SchedulerSettings): KubeScheduler {
  const { simulation, process, streams, policy, isInstant = true } = settings;
  const search = policy ? 'plain' : (settings.search ?? 'index');
  const model = settings.model ?? schedulerModelSchema.parse({});
  const configuration = settings.configuration ?? schedulerConfiguration.parse({});
  const { parallelism, podInitialBackoffSeconds, podMaxBackoffSeconds, clientConnection } = configuration;
  const profiles = settings.profiles ?? (policy ? [classicProfile(policy)] : profilesOf(configuration));
  const tieBreak = tieBreakOf(model.tieBreak ?? (policy ? 'random' : 'heap'), process.name, streams);
  const preemption = streams?.open(`${process.name}/preemption`);
  const cluster = new Cluster(policy && CLASSIC_REQUESTS);
  const nominator = new Nominator();
  const { qps, burst } = clientConnection ?? {};
  const limits = isInstant ? {} : { qps: qps || DEFAULT_LIMITS.qps, burst: burst || DEFAULT_LIMITS.burst };
  return new KubeScheduler({
    simulation,
    process,
    cluster,
    nominator,
    client: process.client({ name: 'kube-scheduler', ...limits }),
    events: settings.recordsEvents ? process.client({ name: 'kube-scheduler-events', ...limits }) : undefined,
    profiles: profiles.map((profile) => ({
      profile,
      algorithm: algorithmOf(search, cluster, profile, nominator, tieBreak),
    })),
    backoff: { initialUs: podInitialBackoffSeconds * SECOND_US, maxUs: podMaxBackoffSeconds * SECOND_US },
    maxUnschedulableUs: MAX_UNSCHEDULABLE_US,
    hintTables: HINT_TABLES,
    cycleUs: isInstant ? undefined : cycleCost({ parallelism, nCores: model.cores, speedRatio: model.speed }),
    int: preemption && ((n) => preemption.int(n)),
    remembersFailures: search === 'index',
    observer: settings.observer ?? NO_SCHEDULER_OBSERVER,
  });
}

function algorithmOf(
  search: 'index' | 'plain' | 'verified',
  cluster: Cluster,
  profile: Profile,
  nominator: Nominator,
  tieBreak: TieBreak,
): SchedulingAlgorithm {
  const plain = () => new PlainScan(cluster, profile, nominator, tieBreak);
  if (search === 'plain') return plain();
  const index = new ScoreIndex(cluster, profile, nominator, tieBreak);
  return search === 'index' ? index : new Verified(index, plain(), (node) => cluster.nodes.names[node]!);
}

function tieBreakOf(
  tieBreak: NonNullable<SchedulerModel['tieBreak']>,
  processName: string,
  streams: RandomStreams | undefined,
): TieBreak {
  if (tieBreak === 'heap') return heapTop;
  if (tieBreak === 'first') return firstTop;
  assert(streams !== undefined, 'a random tie-break needs random streams');
  const stream = streams.open(`${processName}/tie-break`);
  const int = (n: number) => stream.int(n);
  return (totals, n) => randomTop(totals, n, int);
}
