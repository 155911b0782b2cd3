/**
 * What a scenario asks of its nodes, for arithmetic that proposes clusters: seen in a probe, a run with a few nodes of
 * every pool. Pods count that are there at the end and stay until somebody stops them: no cluster does without room for
 * them. What was there for a time, and pods of Jobs, could wait; the simulator judges them. Where nobody may wait, the
 * peaks of pods with a known run time count too.
 */
import { GPU_COUNT, GPU_MILLI, MILLI_PER_GPU } from '../kube/gpu-names.ts';
import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { podRequests } from '../kube/resources.ts';
import { matchesLabelSelector, matchesNodeAffinity } from '../kube/selector.ts';
import { findUntoleratedTaint } from '../kube/tolerations.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Life, peakCounts } from './demand-peaks.ts';
import { Run } from './run.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const REPLICATED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

export interface ObservedPods {
  readonly name: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly count: number;
  /** Names of the pools of which some node may take them. */
  readonly pools: readonly string[];
  /** GPUs that each shares or takes, and its share of each, 0 to 1. */
  readonly devices?: { readonly count: number; readonly share: number };
  /** No controller makes them anew when their node is lost. */
  readonly isLostWithNode?: boolean;
  readonly nPerNodeMax?: number;
  readonly nZonesMin?: number;
}

export interface PassingPods extends ObservedPods {
  /** How many had not ended when the probe did. */
  readonly nLeft: number;
}

export interface ObservedDemand {
  readonly pods: readonly ObservedPods[];
  readonly daemons: readonly Omit<ObservedPods, 'count'>[];
  /** Pods that end by themselves, and so can wait for each other. */
  readonly passing: readonly PassingPods[];
  /**
   * Pods that are there together if none of them ever waits, at the instants at which they ask for most. Left out are
   * those that a timeline may end early, and workloads whose pods were changed: how many there are then is not known.
   */
  readonly peaks: readonly (readonly ObservedPods[])[];
}

/** The nodes of the probe by pool; those of a pool differ in nothing but their names. */
export type PoolNodes = ReadonlyMap<string, readonly Node[]>;

/** Runs the probe. @param scenario with these nodes */
export async function observeDemand(
  scenario: Scenario,
  files: Files,
  nodes: PoolNodes,
): Promise<ObservedDemand> {
  const watch = new DemandWatch(scenario.timeline.length > 0);
  const run = await Run.open(scenario, files, { observer: watch });
  while ((await run.advance()) === 'more');
  return watch.finish(nodes);
}

/** Pods of one workload, or of one shape where they belong to none. */
interface Kind {
  readonly name: string;
  /** Of its youngest pod. */
  shape: PodShape;
  readonly isReplicated: boolean;
  /** Had pods of several shapes. */
  isReshaped: boolean;
  nActive: number;
  /** Pods that end by themselves, over all the run. */
  nPassing: number;
  /** Of those, how many are there when the run ends. */
  nLeft: number;
}

/** When a pod is there, if it never waits. */
interface KindLife {
  readonly kind: Kind;
  readonly fromUs: number;
  untilUs: number;
}

class DemandWatch {
  readonly #hasTimeline: boolean;
  readonly #kinds = new Map<string | PodShape, Kind>();
  /** Replicas wanted, by `namespace/name`. In the probe rollouts get stuck, with more pods than that. */
  readonly #desired = new Map<string, number>();
  readonly #daemons = new Map<PodShape, { readonly name: string; readonly nodes: Set<string> }>();
  /** By uid of the pod. */
  readonly #lives = new Map<number, KindLife>();

  constructor(hasTimeline: boolean) {
    this.#hasTimeline = hasTimeline;
  }

  objectChanged(_old: KubeObject | undefined, next: KubeObject | undefined): void {
    if (next === undefined || !REPLICATED.includes(next.kind)) return;
    if (next.metadata.ownerReferences?.length) return;
    const { replicas = 1 } = (next as { spec?: { replicas?: number } }).spec ?? {};
    this.#desired.set(`${next.metadata.namespace}/${next.metadata.name}`, replicas);
  }

  podChanged(old: PodObject | undefined, next: PodObject | undefined): void {
    const pod = (next ?? old)!;
    const wasActive = old?.active ?? false;
    const isActive = next?.active ?? false;
    if (wasActive === isActive) return;
    if (pod.owner?.kind === 'DaemonSet') this.#daemon(pod);
    else if (endsByItself(pod)) this.#pass(pod, isActive);
    else this.#stay(pod, isActive);
  }

  finish(nodes: PoolNodes): ObservedDemand {
    const kinds = [...this.#kinds.values()];
    const pods = kinds.map((kind) => observed(kind, nodes));
    const counts = kinds.map(({ name, nActive }) => Math.min(nActive, this.#desired.get(name) ?? nActive));
    const counted = (list: readonly number[]) =>
      pods.map((pod, k) => withCount(pod, list[k]!)).filter(({ count }) => count > 0);
    return {
      pods: counted(counts),
      daemons: [...this.#daemons].map(([shape, { name, nodes: names }]) => ({
        name,
        requests: requestsOf(shape),
        pools: poolsWithin(names, nodes),
      })),
      passing: pods
        .map((pod, k) => ({ ...pod, count: kinds[k]!.nPassing, nLeft: kinds[k]!.nLeft }))
        .filter(({ count }) => count > 0),
      peaks: peakCounts(
        this.#livesOf(kinds),
        pods.map(({ requests }) => requests),
      ).map(counted),
    };
  }

  /** Of pods that end by themselves only those are known to be there whose run time is given. */
  #pass(pod: PodObject, isNew: boolean): void {
    const kind = this.#kindOf(pod);
    kind.nLeft += isNew ? 1 : -1;
    if (!isNew) return;
    kind.nPassing++;
    const { uid, runUs, createdUs } = pod.identity;
    if (runUs === undefined || this.#hasTimeline) return;
    this.#lives.set(uid, { kind, fromUs: createdUs, untilUs: createdUs + runUs });
  }

  #stay(pod: PodObject, isNew: boolean): void {
    const { uid, createdUs } = pod.identity;
    const kind = this.#kindOf(pod);
    kind.nActive += isNew ? 1 : -1;
    if (isNew) {
      kind.isReshaped ||= kind.shape !== pod.shape;
      kind.shape = pod.shape;
      this.#lives.set(uid, { kind, fromUs: createdUs, untilUs: Number.POSITIVE_INFINITY });
    } else this.#lives.get(uid)!.untilUs = pod.deletionUs ?? pod.finishedUs ?? createdUs;
  }

  #livesOf(kinds: readonly Kind[]): Life[] {
    const indexOf = new Map(kinds.map((kind, i) => [kind, i]));
    const known = [...this.#lives.values()].filter(({ kind }) => !kind.isReshaped);
    return known.map(({ kind, fromUs, untilUs }) => ({ kindIdx: indexOf.get(kind)!, fromUs, untilUs }));
  }

  #daemon({ shape, owner, identity, nodeName }: PodObject): void {
    const known = this.#daemons.get(shape) ?? { name: owner!.name, nodes: new Set<string>() };
    known.nodes.add(identity.pinnedNode || nodeName);
    this.#daemons.set(shape, known);
  }

  #kindOf(pod: PodObject): Kind {
    const name = this.#nameOf(pod);
    const key = pod.owner ? name : pod.shape;
    const kind = this.#kinds.get(key) ?? {
      name,
      shape: pod.shape,
      isReplicated: REPLICATED.includes(pod.owner?.kind ?? ''),
      isReshaped: false,
      nActive: 0,
      nPassing: 0,
      nLeft: 0,
    };
    this.#kinds.set(key, kind);
    return kind;
  }

  /** That of the workload: a Deployment's ReplicaSets have a hash in their names, a CronJob's Jobs the minute. */
  #nameOf({ owner, name, namespace }: PodObject): string {
    const own = `${namespace}/${owner?.name ?? name}`;
    if (owner?.kind === 'Job') return own.replace(/-\d{8}$/, '');
    return owner === undefined || this.#desired.has(own) ? own : own.replace(/-[a-z0-9]+$/, '');
  }
}

function requestsOf({ spec }: PodShape): Record<string, number> {
  return Object.fromEntries([...podRequests({ spec })].filter(([, amount]) => amount > 0));
}

function endsByItself({ owner, identity: { runUs }, shape }: PodObject): boolean {
  if (owner?.kind === 'Job') return true;
  return runUs === undefined ? shape.spec.restartPolicy === 'Never' : Number.isFinite(runUs);
}

/** Pools all of whose nodes are among these. */
function poolsWithin(names: ReadonlySet<string>, nodes: PoolNodes): string[] {
  return [...nodes].flatMap(([pool, members]) =>
    members.every(({ metadata }) => names.has(metadata.name ?? '')) ? [pool] : [],
  );
}

function observed({ name, shape, isReplicated }: Kind, nodes: PoolNodes): Omit<ObservedPods, 'count'> {
  const allowed = [...nodes].filter(([, members]) => members.some((node) => mayRun(shape, node)));
  const devices = devicesOf(shape);
  return {
    name,
    requests: requestsOf(shape),
    pools: allowed.map(([pool]) => pool),
    ...(devices && { devices }),
    ...(!isReplicated && { isLostWithNode: true }),
    ...((hasHostPort(shape) || repels(shape, HOSTNAME)) && { nPerNodeMax: 1 }),
    ...(repels(shape, ZONE) && { nZonesMin: 1 }),
  };
}

/** Pods that keep each other out of their zones need as many zones as there are of them. */
function withCount(pod: Omit<ObservedPods, 'count'>, count: number): ObservedPods {
  return { ...pod, count, ...(pod.nZonesMin !== undefined && { nZonesMin: count }) };
}

function devicesOf({ annotations, spec }: PodShape): ObservedPods['devices'] {
  const count = Number(annotations?.[GPU_COUNT] ?? 0);
  const milli = podRequests({ spec }).get(GPU_MILLI) ?? 0;
  return count > 0 && milli > 0 ? { count, share: milli / count / MILLI_PER_GPU } : undefined;
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
