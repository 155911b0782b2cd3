// A toy simulator for tests of planning: places pods one by one, in the order given, on the emptiest node (as
// LeastAllocated does) or on the first that has room. Shares no code with the planner's own packing.
import type { Metrics, RunRequest } from '../experiment.ts';
import type { Cluster } from '../plan/cluster.ts';
import type { PlanProblem, PodDemand, Pool } from '../plan/demand.ts';

interface ToyNode {
  readonly pool: Pool;
  readonly used: Map<string, number>;
  readonly placed: Map<string, number>;
  nPods: number;
}

function allows(list: readonly string[] | undefined, pool: Pool): boolean {
  return list === undefined || list.includes(pool.name);
}

function newNode(pool: Pool, { demand }: PlanProblem): ToyNode {
  const node: ToyNode = { pool, used: new Map(), placed: new Map(), nPods: 0 };
  for (const daemon of demand.daemons) if (allows(daemon.pools, pool)) occupy(node, daemon);
  return node;
}

function occupy(node: ToyNode, pod: { name: string; requests: Readonly<Record<string, number>> }): void {
  for (const [resource, amount] of Object.entries(pod.requests)) {
    node.used.set(resource, (node.used.get(resource) ?? 0) + amount);
  }
  node.placed.set(pod.name, (node.placed.get(pod.name) ?? 0) + 1);
  node.nPods++;
}

function hasRoom(node: ToyNode, pod: PodDemand): boolean {
  if (!allows(pod.pools, node.pool) || node.nPods >= node.pool.nPodsMax) return false;
  if ((node.placed.get(pod.name) ?? 0) >= (pod.nPerNodeMax ?? Infinity)) return false;
  return Object.entries(pod.requests).every(
    ([resource, amount]) => (node.used.get(resource) ?? 0) + amount <= (node.pool.allocatable[resource] ?? 0),
  );
}

function usedShare(node: ToyNode): number {
  const shares = [...node.used].map(([resource, amount]) => amount / node.pool.allocatable[resource]!);
  return shares.length === 0 ? 0 : Math.max(...shares);
}

export type ToyPolicy = 'emptiest' | 'first';

function choose(nodes: readonly ToyNode[], pod: PodDemand, policy: ToyPolicy): ToyNode | undefined {
  const feasible = nodes.filter((node) => hasRoom(node, pod));
  if (policy === 'first') return feasible[0];
  return feasible.reduce<ToyNode | undefined>(
    (best, node) => (best && usedShare(best) <= usedShare(node) ? best : node),
    undefined,
  );
}

/** Pods left pending on a cluster. */
export function toyPending(problem: PlanProblem, cluster: Cluster, policy: ToyPolicy): number {
  const nodes = problem.pools.flatMap((pool) =>
    Array.from({ length: cluster.nodes[pool.name] ?? 0 }, () => newNode(pool, problem)),
  );
  let nPending = 0;
  for (const pod of problem.demand.pods) {
    for (let i = 0; i < pod.count; i++) {
      const node = choose(nodes, pod, policy);
      if (node === undefined) nPending++;
      else occupy(node, pod);
    }
  }
  return nPending;
}

export function toyRun(problem: PlanProblem, policy: ToyPolicy): (request: RunRequest<Cluster>) => Metrics {
  return ({ point }) => ({ pending: toyPending(problem, point.setting, policy) });
}
