/** For tests: a cluster from plain objects, and what one plugin alone says about a pod on each of its nodes. */
import { Cluster } from '../../cluster/cluster.ts';
import type { KubeObject, Node, Pod } from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import type { Cycle } from '../framework/plugin.ts';
import { type AnyPlugin, Profile } from '../framework/profile.ts';
import { runScore } from '../framework/score-run.ts';

/** A node given by its name, its labels and, if need be, more of its spec. */
export function nodeOf(name: string, labels: Record<string, string> = {}, spec: Node['spec'] = {}): Node {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec };
}

let nPodsMade = 0;

/** A pod of namespace `default` unless `metadata` says otherwise. */
export function podOf(
  labels: Record<string, string>,
  spec: Partial<Pod['spec']> = {},
  metadata: Partial<Pod['metadata']> = {},
): Pod {
  const uid = `uid-${nPodsMade++}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: uid, uid, namespace: 'default', labels, ...metadata },
    spec: { containers: [{ name: 'main', image: 'app' }], ...spec },
  };
}

/** Pods are bound where their spec.nodeName says; one with a deletionTimestamp is terminating. */
export function clusterOf(
  nodes: readonly Node[],
  pods: readonly Pod[] = [],
  objects: readonly KubeObject[] = [],
): Cluster {
  const cluster = new Cluster();
  for (const node of nodes) cluster.addNode(node);
  for (const object of objects) cluster.upsertObject(object);
  for (const pod of pods) bindPod(cluster, pod);
  return cluster;
}

/** Adds a pod to its node; returns its row. */
export function bindPod(cluster: Cluster, pod: Pod): number {
  const row = cluster.addPod(cluster.classes.ofPod(pod), pod.metadata.name!, pod.metadata.uid!);
  if (pod.metadata.deletionTimestamp) cluster.setTerminating(row);
  cluster.bind(row, cluster.nodes.find(pod.spec.nodeName!));
  return row;
}

export function cycleOf(cluster: Cluster, pod: Pod): Cycle {
  const cls = cluster.classes.ofPod(pod);
  return { cluster, cls, pod: { row: -1, cls, name: pod.metadata.name!, uid: pod.metadata.uid! } };
}

export interface Probe {
  /** Node → `code: reason`; nodes that passed are left out. */
  readonly failed: Readonly<Record<string, string>>;
  readonly skipsFilter: boolean;
  /** Node → score, of the nodes that passed; undefined = skipped. */
  readonly raw: Readonly<Record<string, number>> | undefined;
  readonly normalized: Readonly<Record<string, number>> | undefined;
}

export function probe(plugin: AnyPlugin, cluster: Cluster, pod: Pod): Probe {
  const profile = new Profile({ schedulerName: 'test', plugins: [plugin] });
  const cycle = cycleOf(cluster, pod);
  const run = new FilterRun(profile, cycle);
  const failed: Record<string, string> = {};
  const feasible: number[] = [];
  for (const node of cluster.order.walk()) {
    const status = run.filter(node);
    if (status) failed[cluster.nodes.names[node]!] = `${status.code}: ${status.reasons.join(', ')}`;
    else feasible.push(node);
  }
  const { plugins } = runScore(profile, cycle, Int32Array.from(feasible), true);
  const byName = (scores: Float64Array | undefined) =>
    scores && Object.fromEntries(feasible.map((node, i) => [cluster.nodes.names[node]!, scores[i]!]));
  return {
    failed,
    skipsFilter: run.plugins.length === 0,
    raw: byName(plugins[0]?.raw),
    normalized: byName(plugins[0]?.normalized),
  };
}
