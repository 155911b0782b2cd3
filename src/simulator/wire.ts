/**
 * The composition root: makes the components of a cluster from a scenario and joins them. The only place that knows
 * every layer.
 */
import { parseDurationUs } from '../base/duration.ts';
import { InputError } from '../base/errors.ts';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import { ApiServer, type ApiServerOptions } from '../control-plane/api-server.ts';
import { ControllerManager } from '../control-plane/controller-manager.ts';
import { withBetaLabels } from '../control-plane/controllers/node-lifecycle/node-taints.ts';
import { latencySpec } from '../control-plane/latency.schema.ts';
import { CALIBRATED, calibratedLatency, INSTANT } from '../control-plane/latency.ts';
import type { ApiClient, ClientOptions } from '../kube/api.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { KubeObject } from '../kube/types.ts';
import { parseEpochUs, WallClock } from '../kube/wall-clock.ts';
import type { NodeObserver } from '../metrics/node-observer.ts';
import type { RefusalRecord } from '../metrics/records.ts';
import { NO_SCHEDULER_OBSERVER, type SchedulerObserver } from '../metrics/scheduler-observer.ts';
import { Kubelets } from '../node/kubelets.ts';
import { nodeModel, nodeModelSchema } from '../node/node.schema.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createScheduler, type SchedulerSettings } from '../scheduler/create-scheduler.ts';
import type { KubeScheduler } from '../scheduler/kube-scheduler.ts';
import { RandomStreams } from '../sim/random-streams.ts';
import { Simulation } from '../sim/simulation.ts';

export interface RunOptions {
  /** Overrides the scenario's seed. */
  readonly seed?: string | number;
  readonly replication?: number;
  /** Overrides the scenario's `until`, in microseconds. */
  readonly untilUs?: number;
  readonly observer?: RunObserver;
  /** How nodes are found; 'verified' compares each decision of the index with the plain scan of all nodes. */
  readonly search?: NonNullable<SchedulerSettings['search']>;
  /** Looks at every commit whether the rules of a cluster hold; the run itself is the same. */
  readonly checks?: boolean;
}

/** Whoever watches a run; it is told of things as they happen and cannot change them. */
export interface RunObserver {
  readonly scheduler?: SchedulerObserver;
  readonly node?: NodeObserver;
  /** A pod's version was committed: `old` is absent for a new pod, `next` for one that is gone. */
  podChanged?(old: PodObject | undefined, next: PodObject | undefined, nowUs: number): void;
  /** Something that the scenario wants done was refused. */
  refused?(refusal: RefusalRecord): void;
  /** The same for nodes and workloads. */
  objectChanged?(old: KubeObject | undefined, next: KubeObject | undefined, nowUs: number): void;
  /** The object that it was told of last is not new: it was there before the run. */
  objectFound?(object: KubeObject): void;
}

/** The wired components of one run. */
export interface World {
  readonly simulation: Simulation;
  readonly streams: RandomStreams;
  readonly server: ApiServer;
  readonly scheduler: KubeScheduler;
  readonly controllers: ControllerManager;
  readonly kubelets: Kubelets;
  /** Who applies the scenario's objects and the workload: without limits. */
  readonly user: ApiClient;
  readonly untilUs: number;
}

/** Who hears of what the API server refuses. */
export interface RefusalListeners {
  /** What the workload brings. */
  readonly refused: NonNullable<ClientOptions['refused']>;
  /** Pods of controllers. */
  readonly podRefused: NonNullable<ApiServerOptions['podRefused']>;
}

export function wire(
  scenario: Scenario,
  options: RunOptions,
  { refused, podRefused }: RefusalListeners,
): World {
  const { spec } = scenario;
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const streams = new RandomStreams(options.seed ?? spec.seed, options.replication ?? 0);
  const clock = new WallClock(spec.start === undefined ? undefined : parseEpochUs(spec.start));
  const isInstant = spec.model?.controlPlane === 'instant';
  const latency = isInstant
    ? INSTANT
    : calibratedLatency(streams, latencySpec(spec.model?.latency, CALIBRATED));
  const server = new ApiServer({
    simulation,
    clock,
    latency,
    createsNamespaces: true,
    podRefused,
    ...apiOptions(scenario),
  });
  restoreCluster(server, scenario);
  const controllers = new ControllerManager(simulation, server, {
    ...(spec.model && { daemonSets: spec.model.daemonSets }),
  });
  const scheduler = createScheduler({
    simulation,
    process: server.process('kube-scheduler'),
    observer: options.observer?.scheduler ?? NO_SCHEDULER_OBSERVER,
    isInstant,
    recordsEvents: !isInstant,
    streams,
    ...(spec.model?.scheduler && { model: spec.model.scheduler }),
    ...schedulerSettings(scenario),
    ...(options.search && { search: options.search }),
  });
  const kubelets = new Kubelets({
    simulation,
    process: server.process('kubelet'),
    streams,
    model: nodeModel(nodeModelSchema.parse(spec.model?.node ?? {}), isInstant ? 'simple' : 'detailed'),
    ...(options.observer?.node && { observer: options.observer.node }),
  });
  return {
    simulation,
    streams,
    server,
    scheduler,
    controllers,
    kubelets,
    user: server.process('kubectl').client({ name: 'kubectl', refused }),
    untilUs:
      options.untilUs ?? (spec.until === undefined ? Number.POSITIVE_INFINITY : parseDurationUs(spec.until)),
  };
}

/** A classic policy or a configuration of today's scheduler. */
function schedulerSettings({ scheduler }: Scenario): Pick<SchedulerSettings, 'policy' | 'configuration'> {
  if (scheduler === undefined) return {};
  return 'policy' in scheduler ? { policy: scheduler } : { configuration: scheduler };
}

/** How many API servers and members of etcd there are. */
function apiOptions({ spec: { model } }: Scenario): Pick<ApiServerOptions, 'nEtcdMembers' | 'instances'> {
  if (!model) return {};
  const { apiServers, etcdMembers } = model;
  return {
    nEtcdMembers: etcdMembers,
    ...(apiServers && {
      instances: {
        nServers: apiServers.count,
        balancing: apiServers.balancing,
        healthCheckUs: parseDurationUs(apiServers.healthCheck),
      },
    }),
  };
}

/**
 * Before any program starts: they begin with knowing the nodes, and the cluster that a snapshot shows. The controllers have
 * labelled these nodes long ago.
 */
function restoreCluster(server: ApiServer, { snapshot, nodes, file }: Scenario): void {
  const refusals = server.restore([...nodes.map(withBetaLabels), ...snapshot]);
  if (refusals.length === 0) return;
  throw new InputError(
    refusals.map(({ object: { kind, metadata }, reason }) => {
      const name = `${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
      return { file, path: 'cluster', message: `${kind} ${name} cannot be there at the start: ${reason}` };
    }),
  );
}
