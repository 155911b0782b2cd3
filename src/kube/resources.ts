// What a pod asks for and is limited to, as one amount a resource. CPU is in millicores, everything else in whole
// units; sums are exact and rounded up once, at the end, as Go's MilliValue and Value do.
// Source: component-helpers resource/helpers.go, scheduler framework types.go, 1.37. Deviation: amounts that
// dynamic resource allocation maps to node resources are not added.
// All of this reads objects after the API's defaults (a request that is missing takes the limit).

import { parseQuantity, quantityMilli, quantityValue } from '../base/quantity.ts';
import type { Container, ContainerStatus, PodSpec, PodStatus, ResourceList } from './types.ts';

export interface PodLike {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

export interface PodResourceOptions {
  /** Counts what a kubelet reported as allocated and in force. Default true: the scheduler always does. */
  readonly useStatus?: boolean;
  readonly skipPodLevel?: boolean;
  readonly excludeOverhead?: boolean;
  /** Rounds up what each container asks for and not the sum alone, as the classic scheduler did. */
  readonly roundsEachContainer?: boolean;
}

/** Requests of a container that asks for nothing, in scoring. Source: pkg/scheduler/util/pod_resources.go. */
export const NON_ZERO_CPU_MILLI = 100;
export const NON_ZERO_MEMORY_BYTES = 200 * 1024 * 1024;

/** Exact amounts in billionths. */
type Amounts = Map<string, bigint>;
type AmountsOf = (container: Container, status: ContainerStatus | undefined) => ResourceList | undefined;
const NANO = 10n ** 9n;

function toAmounts(list: ResourceList | undefined): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, quantity]) => [name, parseQuantity(quantity).nano]));
}

function add(into: Amounts, other: Amounts): void {
  for (const [name, nano] of other) into.set(name, (into.get(name) ?? 0n) + nano);
}

function raise(into: Amounts, other: Amounts): void {
  for (const [name, nano] of other) {
    const known = into.get(name);
    if (known === undefined || nano > known) into.set(name, nano);
  }
}

/** Takes `other` away, stopping at zero. */
function reduce(amounts: Amounts, other: Amounts): Amounts {
  for (const [name, nano] of other) {
    const known = amounts.get(name);
    if (known !== undefined) amounts.set(name, known > nano ? known - nano : 0n);
  }
  return amounts;
}

function maxOf(lists: readonly Amounts[]): Amounts {
  const result: Amounts = new Map();
  for (const list of lists) raise(result, list);
  return result;
}

/** To whole millicores and whole units, in place. */
function roundUp(amounts: Amounts): void {
  for (const [name, nano] of amounts) {
    const unit = name === 'cpu' ? NANO / 1000n : NANO;
    amounts.set(name, ((nano + unit - 1n) / unit) * unit);
  }
}

function rounded(amounts: Amounts): Map<string, number> {
  const round = (name: string, nano: bigint) =>
    (name === 'cpu' ? quantityMilli : quantityValue)({ nano, format: 'DecimalSI' });
  return new Map([...amounts].map(([name, nano]) => [name, round(name, nano)]));
}

/** An init container that keeps running beside the containers. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

/** Whether pod-level resources may name it: cpu, memory, hugepages. */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

export function hasPodLevelRequests(spec: PodSpec): boolean {
  return Object.keys(spec.resources?.requests ?? {}).some(isPodLevelResource);
}

function hasPodLevelResources(spec: PodSpec): boolean {
  return hasPodLevelRequests(spec) || Object.keys(spec.resources?.limits ?? {}).some(isPodLevelResource);
}

function isResizeInfeasible(pod: PodLike): boolean {
  const pending = pod.status?.conditions?.find(({ type }) => type === 'PodResizePending');
  return pending?.reason === 'Infeasible';
}

function statusByName(pod: PodLike): Map<string, ContainerStatus> {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const byName = new Map<string, ContainerStatus>();
  for (const status of [...initContainerStatuses, ...containerStatuses]) byName.set(status.name, status);
  return byName;
}

/**
 * The larger of what runs together (containers and sidecars) and each init phase (an init container with the
 * sidecars listed before it). `missing` stands in where a container names no amount.
 */
function aggregate(
  pod: PodLike,
  amountsOf: AmountsOf,
  missing?: Amounts,
  { roundsEachContainer = false }: PodResourceOptions = {},
): Amounts {
  const statuses = statusByName(pod);
  const amounts = (container: Container): Amounts => {
    const own = toAmounts(amountsOf(container, statuses.get(container.name)));
    if (roundsEachContainer) roundUp(own);
    for (const [name, nano] of missing ?? []) if (!own.has(name)) own.set(name, nano);
    return own;
  };
  const together: Amounts = new Map();
  for (const container of pod.spec.containers ?? []) add(together, amounts(container));
  const sidecars: Amounts = new Map();
  const initPeak: Amounts = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const own = amounts(container);
    if (isSidecar(container)) {
      add(together, own);
      add(sidecars, own);
      raise(initPeak, sidecars);
    } else {
      add(own, sidecars);
      raise(initPeak, own);
    }
  }
  raise(together, initPeak);
  return together;
}

function hasContainerStatuses(pod: PodLike): boolean {
  const { containerStatuses, initContainerStatuses } = pod.status ?? {};
  return !!containerStatuses?.length || !!initContainerStatuses?.length;
}

/** Requests of the containers: the largest of specified, allocated and in force, pod by pod, not container by container. */
function containerRequests(pod: PodLike, options: PodResourceOptions, missing?: Amounts): Amounts {
  const specified = aggregate(pod, ({ resources }) => resources?.requests, missing, options);
  const useStatus = options.useStatus ?? true;
  const podLevel = { allocated: pod.status?.allocatedResources, actual: pod.status?.resources?.requests };
  const hasPodLevelStatus = podLevel.allocated !== undefined && podLevel.actual !== undefined;
  if (!useStatus || !(hasPodLevelStatus || hasContainerStatuses(pod))) return specified;
  const infeasible = isResizeInfeasible(pod);
  const spec = (container: Container) => (infeasible ? undefined : container.resources?.requests);
  const allocated = hasPodLevelStatus
    ? toAmounts(podLevel.allocated)
    : aggregate(pod, (container, status) => status?.allocatedResources ?? spec(container), missing);
  const actual = hasPodLevelStatus
    ? toAmounts(podLevel.actual)
    : aggregate(
        pod,
        (container, status) => status?.resources?.requests ?? status?.allocatedResources ?? spec(container),
        missing,
      );
  return maxOf(infeasible ? [actual, allocated] : [specified, actual, allocated]);
}

/** Puts the pod-level amounts in place of the aggregate; statuses include the overhead, which is taken off. */
function applyPodLevel(into: Amounts, pod: PodLike, kind: 'requests' | 'limits', useStatus: boolean): void {
  const lists = [toAmounts(pod.spec.resources?.[kind])];
  const overhead = toAmounts(pod.spec.overhead);
  const reported = [
    pod.status?.resources?.[kind],
    kind === 'requests' ? pod.status?.allocatedResources : undefined,
  ];
  if (useStatus && (pod.status?.resources || (kind === 'requests' && pod.status?.allocatedResources))) {
    if (isResizeInfeasible(pod)) lists.pop();
    for (const list of reported) if (list) lists.push(reduce(toAmounts(list), overhead));
  }
  for (const [name, nano] of maxOf(lists)) if (isPodLevelResource(name)) into.set(name, nano);
}

function exactRequests(pod: PodLike, options: PodResourceOptions, missing?: Amounts): Amounts {
  const requests = containerRequests(pod, options, missing);
  if (!options.skipPodLevel && hasPodLevelRequests(pod.spec)) {
    applyPodLevel(requests, pod, 'requests', options.useStatus ?? true);
  }
  if (!options.excludeOverhead) add(requests, toAmounts(pod.spec.overhead));
  return requests;
}

/**
 * What the pod takes of a node: `cpu` in millicores, the rest in units, in order of first mention. A request of 0 is
 * present. Throws a RangeError on a malformed quantity.
 */
export function podRequests(pod: PodLike, options: PodResourceOptions = {}): Map<string, number> {
  return rounded(exactRequests(pod, options));
}

/**
 * CPU and memory as the scheduler's scores count them: a container without a request counts 100m and 200Mi. With
 * pod-level requests that holds only for a resource that neither the pod nor any container names.
 */
export function podNonZeroRequests(
  pod: PodLike,
  options: PodResourceOptions = {},
): { cpuMilli: number; memoryBytes: number } {
  const missing: Amounts = new Map([
    ['cpu', (BigInt(NON_ZERO_CPU_MILLI) * NANO) / 1000n],
    ['memory', BigInt(NON_ZERO_MEMORY_BYTES) * NANO],
  ]);
  if (!options.skipPodLevel && hasPodLevelRequests(pod.spec)) {
    for (const name of exactRequests(pod, options).keys()) missing.delete(name);
  }
  const requests = rounded(exactRequests(pod, options, missing));
  return { cpuMilli: requests.get('cpu') ?? 0, memoryBytes: requests.get('memory') ?? 0 };
}

/** What the pod may use at most; a resource without a limit is absent. Overhead is added to limits that are not 0. */
export function podLimits(pod: PodLike, options: PodResourceOptions = {}): Map<string, number> {
  const useStatus = options.useStatus ?? true;
  const infeasible = useStatus && isResizeInfeasible(pod);
  const specified = aggregate(pod, ({ resources }) => resources?.limits, undefined, options);
  const reported = pod.status?.resources?.limits;
  const actual = reported
    ? toAmounts(reported)
    : aggregate(
        pod,
        ({ resources }, status) => status?.resources?.limits ?? (infeasible ? undefined : resources?.limits),
      );
  const limits = useStatus ? maxOf(infeasible ? [actual] : [specified, actual]) : specified;
  if (!options.skipPodLevel && hasPodLevelResources(pod.spec))
    applyPodLevel(limits, pod, 'limits', useStatus);
  for (const [name, nano] of options.excludeOverhead ? [] : toAmounts(pod.spec.overhead)) {
    if (limits.get(name)) limits.set(name, limits.get(name)! + nano);
  }
  return rounded(limits);
}
