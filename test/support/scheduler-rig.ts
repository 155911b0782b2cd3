/** A cluster of an API server and schedulers only: tests play the users, the kubelets and the controllers. */
import { EVENT_PRIORITIES } from '../../src/cluster/event-priorities.ts';
import { ApiServer } from '../../src/control-plane/api-server.ts';
import { constantLatency, INSTANT } from '../../src/control-plane/latency.ts';
import type { ApiClient, ApiError, ApiProcess, Reply } from '../../src/kube/api.ts';
import type { PodInit, PodObject } from '../../src/kube/pod-object.ts';
import type { PodShape } from '../../src/kube/pod-shape.ts';
import type { Container, KubeObject, Node, PodSpec } from '../../src/kube/types.ts';
import { parseEpochUs, WallClock } from '../../src/kube/wall-clock.ts';
import { NO_SCHEDULER_OBSERVER, type SchedulerObserver } from '../../src/metrics/scheduler-observer.ts';
import { schedulerConfiguration } from '../../src/scheduler/configuration.ts';
import { createScheduler, type SchedulerSettings } from '../../src/scheduler/create-scheduler.ts';
import { Simulation } from '../../src/sim/simulation.ts';

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;

export interface RigOptions extends Partial<Omit<SchedulerSettings, 'configuration'>> {
  /** A KubeSchedulerConfiguration as a user writes it. */
  readonly config?: object;
  /** Start of the calendar. */
  readonly start?: string;
  /** How many bindings fail before one succeeds. */
  readonly nBindFailures?: number;
  /** Delays of the API; absent: none. */
  readonly hasLatency?: boolean;
}

export type Rig = ReturnType<typeof schedulerRig>;

export function schedulerRig(options: RigOptions = {}) {
  const { config, start, nBindFailures = 0, hasLatency = false, ...settings } = options;
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const clock = new WallClock(parseEpochUs(start ?? '2026-01-05T00:00:00Z'));
  const latency = hasLatency ? constantLatency() : INSTANT;
  const server = new ApiServer({ simulation, clock, createsNamespaces: true, latency });
  const log: string[] = [];
  const say = (text: string) => log.push(`${simulation.nowUs / SECOND_US} ${text}`);
  const process = server.process('kube-scheduler');
  const schedulerOf = (ownProcess: ApiProcess, more: Partial<SchedulerSettings> = {}) =>
    createScheduler({
      simulation,
      process: ownProcess,
      observer: logging(say),
      ...(config && { configuration: schedulerConfiguration.parse(config) }),
      ...settings,
      ...more,
    });
  const scheduler = schedulerOf(nBindFailures > 0 ? failingBinds(process, nBindFailures) : process);
  const user = server.process('kubectl').client({ name: 'kubectl' });
  const pods = server.process('kubectl').pods();
  const pod = (name: string) => pods.byName('default', name)!;
  return {
    simulation,
    server,
    process,
    scheduler,
    schedulerOf,
    user,
    /** What the scheduler did, with the second in which it did it. */
    log,
    pod,
    nodeOf: (name: string) => pod(name).nodeName,
    run: (untilUs: number) => simulation.advance(10_000_000, untilUs),
    /** Adds a node that is ready already. */
    addNode: (node: Node) => {
      user.create(node);
      setNode(user, node.metadata.name!, (made) => ({ ...made, spec: node.spec ?? {} }));
    },
    setNode: (name: string, edit: (node: Node) => Node) => setNode(user, name, edit),
    removeNode: (name: string) => user.delete({ kind: 'Node', name }),
    addPod: (name: string, shape: PodShape, init: Partial<PodInit> = {}) =>
      user.createPod({ shape, name, ...init }),
    /** Removes a pod at once. */
    removePod: (name: string) => user.deletePod(pod(name), { graceSeconds: 0 }),
    create: (object: KubeObject) => user.create(object),
  };
}

function setNode(user: ApiClient, name: string, edit: (node: Node) => Node): void {
  user.patch<Node, undefined, undefined>({ kind: 'Node', name }, edit, undefined);
}

function logging(say: (text: string) => void): SchedulerObserver {
  return {
    ...NO_SCHEDULER_OBSERVER,
    podAssumed: ({ name }, nodeName) => say(`${name} -> ${nodeName}`),
    podFailed: ({ name }, reason) => say(`${name} ${reason}`),
    podPreempts: ({ name }, nodeName, nVictims) => say(`${name} preempts ${nVictims} on ${nodeName}`),
  };
}

/** A process whose clients fail to bind a number of times. */
function failingBinds(process: ApiProcess, nFailures: number): ApiProcess {
  let nLeft = nFailures;
  const error: ApiError = { code: 500, reason: 'InternalError', message: 'etcdserver: request timed out' };
  const client: ApiProcess['client'] = (options) => {
    const real = process.client(options);
    const bindPod = <Tag>(pod: PodObject, nodeName: string, reply?: Reply<PodObject, Tag>, tag?: Tag) => {
      if (nLeft-- > 0)
        real.get({ kind: 'Namespace', name: 'x' }, () => reply?.(error, undefined, tag as Tag));
      else real.bindPod(pod, nodeName, reply, tag);
    };
    return new Proxy(real, {
      get: (target, key) => {
        if (key === 'bindPod') return bindPod;
        const value = target[key as keyof ApiClient];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return new Proxy(process, {
    get: (target, key) => {
      if (key === 'client') return client;
      const value = target[key as keyof ApiProcess] as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

export interface NodeFields {
  readonly cpu?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Node['spec'];
}

export function node(name: string, { cpu = '4', labels = {}, spec = {} }: NodeFields = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec,
    status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  };
}

export function shape(cpu = '1', spec: Partial<PodSpec> = {}): PodShape {
  const container: Container = { name: 'main', image: 'app', resources: { requests: { cpu } } };
  return { namespace: 'default', labels: { app: 'x' }, spec: { containers: [container], ...spec } };
}

export function priorityClass(name: string, value: number): KubeObject {
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
  } as KubeObject;
}
