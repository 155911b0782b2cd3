// What a kubelet reads from a pod's spec, worked out once per shape.
// Source of the defaults: pkg/apis/core/v1/defaults.go, pkg/kubelet/images/helpers.go, qos/policy.go, 1.37.

import { parseMilli, parseValue } from '../../base/quantity.ts';
import type { PodShape } from '../../kube/pod-shape.ts';
import { qosClass } from '../../kube/qos.ts';
import { isSidecar, podRequests } from '../../kube/resources.ts';
import type { Container, ContainerRestartRule, LifecycleHandler, Probe, QosClass } from '../../kube/types.ts';
import type { App, Apps } from './apps.ts';
import { execSleepUs } from './exec-sleep.ts';
import type { ProbeTiming } from './probe-walk.ts';

export const ROLE = { init: 0, sidecar: 1, main: 2 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** Pods of this priority and above are critical: system-cluster-critical and system-node-critical. */
const CRITICAL_PRIORITY = 2_000_000_000;

export const STORAGE = 'ephemeral-storage';

export interface ProbePlan extends ProbeTiming {
  /** Of a kill that this probe causes; undefined: the pod's. */
  readonly graceSeconds: number | undefined;
}

/** A hook: how long it sleeps by its own account, or undefined when the app says how long it takes. */
export interface HookPlan {
  readonly sleepUs: number | undefined;
}

export interface ContainerPlan {
  /** Position among all containers of the pod, init containers first. */
  readonly index: number;
  readonly name: string;
  readonly role: Role;
  readonly image: string;
  readonly pullPolicy: PullPolicy;
  readonly app: App;
  readonly startupProbe: ProbePlan | undefined;
  readonly livenessProbe: ProbePlan | undefined;
  readonly readinessProbe: ProbePlan | undefined;
  readonly preStop: HookPlan | undefined;
  readonly postStart: HookPlan | undefined;
  readonly restartPolicy: RestartPolicy;
  readonly restartRules: readonly ContainerRestartRule[];
  readonly cpuRequestMilli: number;
  readonly memoryRequestBytes: number;
  /** Infinity where there is none. */
  readonly cpuLimitMilli: number;
  readonly memoryLimitBytes: number;
  readonly storageLimitBytes: number;
}

export interface PodPlan {
  /** Init containers and sidecars in order, then the main containers. */
  readonly containers: readonly ContainerPlan[];
  readonly nInit: number;
  readonly restartPolicy: RestartPolicy;
  /** Why containers wait of which nothing else can be said. */
  readonly creatingReason: 'ContainerCreating' | 'PodInitializing';
  readonly qos: QosClass;
  readonly priority: number;
  readonly isCritical: boolean;
  /** As the scheduler counts them: cpu in millicores. */
  readonly requests: ReadonlyMap<string, number>;
  /** Infinity for none. */
  readonly deadlineUs: number;
  readonly graceSeconds: number;
}

const seconds = (count: number | undefined, otherwise: number) => (count ?? otherwise) * 1_000_000;

function probePlan(probe: Probe | undefined): ProbePlan | undefined {
  return (
    probe && {
      periodUs: seconds(probe.periodSeconds || undefined, 10),
      initialDelayUs: seconds(probe.initialDelaySeconds, 0),
      timeoutUs: seconds(probe.timeoutSeconds || undefined, 1),
      successThreshold: probe.successThreshold || 1,
      failureThreshold: probe.failureThreshold || 3,
      graceSeconds: probe.terminationGracePeriodSeconds,
    }
  );
}

function hookPlan(handler: LifecycleHandler | undefined): HookPlan | undefined {
  if (!handler) return undefined;
  const { sleep, exec } = handler;
  return { sleepUs: sleep ? sleep.seconds * 1_000_000 : execSleepUs(exec?.command) };
}

/** The tag `latest`, or none (and no digest), must be asked for at the registry each time. */
export function pullPolicyOf(image: string, policy: string | undefined): PullPolicy {
  if (policy === 'Always' || policy === 'IfNotPresent' || policy === 'Never') return policy;
  if (image.includes('@')) return 'IfNotPresent';
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function roleOf(container: Container, isInit: boolean): Role {
  if (!isInit) return ROLE.main;
  return isSidecar(container) ? ROLE.sidecar : ROLE.init;
}

/** Init containers are restarted on failure unless the pod is never restarted; sidecars always. */
function restartPolicyOf(container: Container, role: Role, ofPod: RestartPolicy): RestartPolicy {
  if (role === ROLE.sidecar) return 'Always';
  const own = container.restartPolicy ?? ofPod;
  return role === ROLE.init && own === 'Always' ? 'OnFailure' : own;
}

function containerPlan(
  shape: PodShape,
  container: Container,
  index: number,
  isInit: boolean,
  apps: Apps,
): ContainerPlan {
  const { name, image = '', lifecycle, resources } = container;
  const { requests = {}, limits = {} } = resources ?? {};
  const role = roleOf(container, isInit);
  return {
    index,
    name,
    role,
    image,
    pullPolicy: pullPolicyOf(image, container.imagePullPolicy),
    app: apps.of(shape, name, image),
    startupProbe: probePlan(container.startupProbe),
    livenessProbe: probePlan(container.livenessProbe),
    readinessProbe: probePlan(container.readinessProbe),
    preStop: hookPlan(lifecycle?.preStop),
    postStart: hookPlan(lifecycle?.postStart),
    restartPolicy: restartPolicyOf(container, role, shape.spec.restartPolicy ?? 'Always'),
    restartRules: container.restartPolicyRules ?? [],
    cpuRequestMilli: parseMilli(requests.cpu ?? limits.cpu ?? 0),
    memoryRequestBytes: parseValue(requests.memory ?? limits.memory ?? 0),
    cpuLimitMilli: limits.cpu === undefined ? Infinity : parseMilli(limits.cpu),
    memoryLimitBytes: limits.memory === undefined ? Infinity : parseValue(limits.memory),
    storageLimitBytes: limits[STORAGE] === undefined ? Infinity : parseValue(limits[STORAGE]),
  };
}

export function podPlan(shape: PodShape, apps: Apps): PodPlan {
  const { spec } = shape;
  const inits = spec.initContainers ?? [];
  const all = [...inits, ...spec.containers];
  const priority = spec.priority ?? 0;
  return {
    containers: all.map((container, index) =>
      containerPlan(shape, container, index, index < inits.length, apps),
    ),
    nInit: inits.length,
    restartPolicy: spec.restartPolicy ?? 'Always',
    creatingReason: inits.length > 0 ? 'PodInitializing' : 'ContainerCreating',
    qos: qosClass(shape),
    priority,
    isCritical: priority >= CRITICAL_PRIORITY,
    requests: podRequests(shape, { useStatus: false }),
    deadlineUs: spec.activeDeadlineSeconds === undefined ? Infinity : spec.activeDeadlineSeconds * 1_000_000,
    graceSeconds: spec.terminationGracePeriodSeconds ?? 30,
  };
}
