/**
 * What a scenario asks of its nodes, for arithmetic that proposes clusters: seen in a probe, a run with one node of every
 * pool. Only pods count that are there at the end and stay until somebody stops them: no cluster does without room for
 * them. What was there for a time, and pods of Jobs, traces and generators, could wait; the simulator judges them.
 */
import type { PodObject } from '../kube/pod-object.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import { podRequests } from '../kube/resources.ts';
import { matchesLabelSelector, matchesNodeAffinity } from '../kube/selector.ts';
import { findUntoleratedTaint } from '../kube/tolerations.ts';
import type { KubeObject, Node } from '../kube/types.ts';
import type { Files } from '../scenario/files.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Run } from './run.ts';

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';
const REPLICATED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'];

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
  const run = await Run.open(scenario, files, { observer: watch });
  while ((await run.advance()) === 'more');
  const nodes = new Map([...scenario.groups.values()].map((group) => [group.name, group.node(0)]));
  return watch.finish(nodes);
}

/** Pods of one workload. */
interface Kind {
  readonly name: string;
  /** Of its youngest pod. */
  shape: PodShape;
  nActive: number;
}

class DemandWatch {
  readonly #kinds = new Map<string, Kind>();
  /** Replicas wanted, by `namespace/name`. In the probe rollouts get stuck, with more pods than that. */
  readonly #desired = new Map<string, number>();
  readonly #daemons = new Map<PodShape, { readonly name: string; readonly nodes: Set<string> }>();
  #nTransient = 0;

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
    else if (!endsByItself(pod)) this.#count(pod, isActive);
    else if (!old) this.#nTransient++;
  }

  finish(nodes: ReadonlyMap<string, Node>): ObservedDemand {
    const poolOf = (nodeName: string) =>
      [...nodes].find(([, node]) => node.metadata.name === nodeName)?.[0] ?? '';
    const pods = [...this.#kinds.values()].map((kind) => {
      const count = Math.min(kind.nActive, this.#desired.get(kind.name) ?? kind.nActive);
      return observed(kind, count, nodes);
    });
    return {
      pods: pods.filter(({ count }) => count > 0),
      daemons: [...this.#daemons].map(([shape, { name, nodes: names }]) => ({
        name,
        requests: requestsOf(shape),
        pools: [...names].map(poolOf),
      })),
      nTransient: this.#nTransient,
    };
  }

  #daemon({ shape, owner, identity, nodeName }: PodObject): void {
    const known = this.#daemons.get(shape) ?? { name: owner!.name, nodes: new Set<string>() };
    known.nodes.add(identity.pinnedNode || nodeName);
    this.#daemons.set(shape, known);
  }

  #count(pod: PodObject, isMore: boolean): void {
    const name = this.#nameOf(pod);
    const kind = this.#kinds.get(name) ?? { name, shape: pod.shape, nActive: 0 };
    this.#kinds.set(name, kind);
    kind.nActive += isMore ? 1 : -1;
    if (isMore) kind.shape = pod.shape;
  }

  /** That of the workload: a Deployment's pods belong to a ReplicaSet with a hash in its name. */
  #nameOf({ owner, name, namespace }: PodObject): string {
    const own = `${namespace}/${owner?.name ?? name}`;
    return this.#desired.has(own) ? own : own.replace(/-[a-z0-9]+$/, owner ? '' : '$&');
  }
}

function requestsOf({ spec }: PodShape): Record<string, number> {
  return Object.fromEntries([...podRequests({ spec })].filter(([, amount]) => amount > 0));
}

function endsByItself({ owner, identity, shape }: PodObject): boolean {
  return owner?.kind === 'Job' || identity.runUs !== undefined || shape.spec.restartPolicy === 'Never';
}

function observed({ name, shape }: Kind, count: number, nodes: ReadonlyMap<string, Node>): ObservedPods {
  const allowed = [...nodes].filter(([, node]) => mayRun(shape, node)).map(([pool]) => pool);
  return {
    name,
    requests: requestsOf(shape),
    count,
    pools: allowed,
    ...((hasHostPort(shape) || repels(shape, HOSTNAME)) && { nPerNodeMax: 1 }),
    ...(repels(shape, ZONE) && { nZonesMin: count }),
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
