/**
 * What a scenario asks of its nodes, for arithmetic that proposes clusters: seen in a probe, a run with one node of every
 * pool. Only pods that stay until somebody stops them count, at the moment when most CPU is asked for; pods of Jobs, traces
 * and generators can wait for each other's room, so they bound nothing.
 */
import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { podRequests } from '../kube/resources.ts';
import { matchesLabelSelector, matchesNodeAffinity } from '../kube/selector.ts';
import { findUntoleratedTaint } from '../kube/tolerations.ts';
import type { Node } from '../kube/types.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Run } from './run.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export interface ObservedPods {
  readonly name: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly count: number;
  /** Names of the groups whose nodes may take them. */
  readonly pools: readonly string[];
  readonly nPerNodeMax?: number;
  readonly nZonesMin?: number;
}

export interface ObservedDemand {
  readonly pods: readonly ObservedPods[];
  readonly daemons: readonly Omit<ObservedPods, 'count'>[];
  /** Pods that were left out because they end by themselves. */
  readonly nTransient: number;
}

/** Runs the probe. @param scenario with one node of every group */
export async function observeDemand(scenario: Scenario, files: Files): Promise<ObservedDemand> {
  const watch = new DemandWatch();
  const observer = { podChanged: (old?: PodObject, next?: PodObject) => watch.podChanged(old, next) };
  const run = await Run.open(scenario, files, { observer });
  while ((await run.advance()) === 'more');
  const nodes = new Map([...scenario.groups.values()].map((group) => [group.name, group.node(0)]));
  return watch.finish(nodes);
}

/** Pods of one shape. */
interface Kind {
  readonly name: string;
  readonly shape: PodShape;
  readonly requests: Readonly<Record<string, number>>;
  count: number;
  peakCount: number;
}

class DemandWatch {
  readonly #kinds = new Map<PodShape, Kind>();
  readonly #daemons = new Map<PodShape, { readonly kind: Kind; readonly nodes: Set<string> }>();
  #nTransient = 0;
  #cpuMilli = 0;
  #cpuMilliPeak = -1;
  #isPeakOpen = false;

  podChanged(old: PodObject | undefined, next: PodObject | undefined): void {
    const pod = (next ?? old)!;
    const wasActive = old?.active ?? false;
    const isActive = next?.active ?? false;
    if (wasActive === isActive) return;
    if (pod.owner?.kind === 'DaemonSet') this.#daemon(pod);
    else if (!endsByItself(pod)) this.#count(pod, isActive ? 1 : -1);
    else if (!old) this.#nTransient++;
  }

  finish(nodes: ReadonlyMap<string, Node>): ObservedDemand {
    this.#closePeak();
    const poolOf = (nodeName: string) =>
      [...nodes].find(([, node]) => node.metadata.name === nodeName)?.[0] ?? '';
    const pods = [...this.#kinds.values()].filter(({ peakCount }) => peakCount > 0);
    return {
      pods: pods.map((kind) => observed(kind, nodes)),
      daemons: [...this.#daemons.values()].map(({ kind: { name, requests }, nodes: names }) => ({
        name,
        requests,
        pools: [...names].map(poolOf),
      })),
      nTransient: this.#nTransient,
    };
  }

  #daemon({ shape, owner, identity, nodeName }: PodObject): void {
    const known = this.#daemons.get(shape) ?? { kind: newKind(owner!.name, shape), nodes: new Set<string>() };
    known.nodes.add(identity.pinnedNode || nodeName);
    this.#daemons.set(shape, known);
  }

  #count(pod: PodObject, change: 1 | -1): void {
    const kind = this.#kinds.get(pod.shape) ?? newKind(nameOf(pod), pod.shape);
    this.#kinds.set(pod.shape, kind);
    if (change < 0) this.#closePeak();
    kind.count += change;
    this.#cpuMilli += change * (kind.requests.cpu ?? 0);
    this.#isPeakOpen ||= this.#cpuMilli > this.#cpuMilliPeak;
  }

  /** Counts are written down before anything is taken away from a new peak. */
  #closePeak(): void {
    if (!this.#isPeakOpen || this.#cpuMilli < this.#cpuMilliPeak) return;
    this.#isPeakOpen = false;
    this.#cpuMilliPeak = this.#cpuMilli;
    for (const kind of this.#kinds.values()) kind.peakCount = kind.count;
  }
}

function newKind(name: string, shape: PodShape): Kind {
  const amounts = [...podRequests({ spec: shape.spec })].filter(([, amount]) => amount > 0);
  return { name, shape, requests: Object.fromEntries(amounts), count: 0, peakCount: 0 };
}

function endsByItself({ owner, identity, shape }: PodObject): boolean {
  return owner?.kind === 'Job' || identity.runUs !== undefined || shape.spec.restartPolicy === 'Never';
}

/** That of the workload: a Deployment's pods belong to a ReplicaSet with a hash in its name. */
function nameOf({ owner, name, shape }: PodObject): string {
  const own = owner?.kind === 'ReplicaSet' ? owner.name.replace(/-[a-z0-9]+$/, '') : (owner?.name ?? name);
  return `${shape.namespace}/${own}`;
}

function observed(
  { name, shape, requests, peakCount }: Kind,
  nodes: ReadonlyMap<string, Node>,
): ObservedPods {
  const allowed = [...nodes].filter(([, node]) => mayRun(shape, node)).map(([pool]) => pool);
  return {
    name,
    requests,
    count: peakCount,
    pools: allowed,
    ...((hasHostPort(shape) || repels(shape, HOSTNAME)) && { nPerNodeMax: 1 }),
    ...(repels(shape, ZONE) && { nZonesMin: peakCount }),
  };
}

function mayRun({ spec }: PodShape, node: Node): boolean {
  return (
    matchesNodeAffinity(spec, node) && findUntoleratedTaint(node.spec?.taints, spec.tolerations) === undefined
  );
}

function hasHostPort({ spec }: PodShape): boolean {
  return spec.containers.some(({ ports = [] }) => ports.some(({ hostPort }) => (hostPort ?? 0) > 0));
}

/** Whether pods of this shape keep each other away from a domain. */
function repels({ spec, labels }: PodShape, topologyKey: string): boolean {
  const terms = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some(
    (term) =>
      term.topologyKey === topologyKey &&
      !term.namespaces?.length &&
      term.labelSelector !== undefined &&
      matchesLabelSelector(term.labelSelector, labels),
  );
}
