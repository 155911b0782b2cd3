/** For tests: nodes and pods in a few words, and what preemption makes of them. */
import { Cluster } from '../../cluster/cluster.ts';
import type { Node, Pod, PodDisruptionBudget } from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { Nominator } from '../framework/nominator.ts';
import { type PostFilterResult, runPostFilter } from '../framework/post-filter.ts';
import { Profile } from '../framework/profile.ts';
import { filterWithNominated } from '../framework/schedule-pod.ts';
import type { Status } from '../framework/status.ts';
import { defaultPreemptionArgs } from '../plugins/default-preemption.schema.ts';
import { defaultPreemption } from '../plugins/default-preemption.ts';
import { nodePorts } from '../plugins/node-ports.ts';
import { nodeResourcesFitArgs } from '../plugins/node-resources-fit.schema.ts';
import { nodeResourcesFit } from '../plugins/node-resources-fit.ts';
import { nodeUnschedulable } from '../plugins/node-unschedulable.ts';
import { cycleOf, nodeOf, podOf } from './plugin-probe.ts';

export interface PodSketch {
  readonly name: string;
  readonly priority?: number;
  readonly cpu?: number;
  /** Seconds; absent = not started. */
  readonly started?: number;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<Pod['spec']>;
  readonly flags?: number;
}

const nodeWith = (name: string, cpu: number, spec: Node['spec'] = {}): Node => ({
  ...nodeOf(name, {}, spec),
  status: { allocatable: { cpu, pods: 110 } },
});

export function pod({ name, priority = 0, cpu = 1, labels = {}, spec = {} }: PodSketch): Pod {
  const containers = [{ name: 'main', image: 'app', resources: { requests: { cpu } } }];
  return podOf(labels, { containers, priority, ...spec }, { name, uid: name });
}

/** Nodes by name: how many cores, and the pods on them. */
export type Sketch = Record<
  string,
  { readonly cpu: number; readonly pods: readonly PodSketch[]; readonly spec?: Node['spec'] }
>;

export function clusterFrom(sketch: Sketch, budgets: readonly PodDisruptionBudget[] = []): Cluster {
  const cluster = new Cluster();
  for (const budget of budgets) cluster.upsertObject(budget);
  for (const [name, { cpu, pods, spec }] of Object.entries(sketch)) {
    const node = cluster.addNode(nodeWith(name, cpu, spec));
    for (const one of pods) {
      const row = cluster.addPod(cluster.classes.ofPod(pod(one)), one.name, one.name);
      cluster.pods.flags[row]! |= one.flags ?? 0;
      if (one.started !== undefined) cluster.pods.startUs[row] = one.started * 1e6;
      cluster.bind(row, node);
    }
  }
  return cluster;
}

function profileWith(args: unknown = {}): Profile {
  return new Profile({
    schedulerName: 'test',
    plugins: [
      nodeUnschedulable(),
      nodePorts(),
      nodeResourcesFit(nodeResourcesFitArgs.parse({})),
      defaultPreemption(defaultPreemptionArgs.parse(args)),
    ],
  });
}

export interface Options {
  readonly nominated?: string;
  readonly nominator?: Nominator;
  readonly int?: (n: number) => number;
  readonly args?: unknown;
}

/** Filters all nodes, then asks for preemption. */
export function preemptFor(cluster: Cluster, incoming: Pod, options: Options = {}): PostFilterResult {
  const { nominator = new Nominator(), nominated, int, args } = options;
  const profile = profileWith(args);
  const cycle = cycleOf(cluster, incoming);
  const run = new FilterRun(profile, { ...cycle, pod: { ...cycle.pod, nominatedNodeName: nominated } });
  const nodeStatus = new Map<number, Status>();
  for (const node of cluster.order.walk()) {
    const status = filterWithNominated(run, nominator, node);
    if (status) nodeStatus.set(node, status);
  }
  const diagnosis = {
    nNodes: cluster.nodes.nNodes,
    nodeStatus,
    absentStatus: undefined,
    preFilterMessage: '',
    postFilterMessage: '',
  };
  return runPostFilter(profile, { run, diagnosis, nominator, ...(int && { int }) })!;
}

export const namesOf = (cluster: Cluster, rows: readonly number[]) =>
  rows.map((row) => cluster.pods.nameOf(row));
export const budget = (
  name: string,
  labels: Record<string, string>,
  allowed: number,
  disrupted: string[] = [],
) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: 'default' },
  spec: { selector: { matchLabels: labels } },
  status: {
    disruptionsAllowed: allowed,
    disruptedPods: Object.fromEntries(disrupted.map((pod) => [pod, '2026-01-01T00:00:00Z'])),
  },
});
export const incoming = (cpu = 2, priority = 100, spec: Partial<Pod['spec']> = {}) =>
  pod({ name: 'incoming', cpu, priority, spec });
