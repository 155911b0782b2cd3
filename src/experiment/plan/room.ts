// The arithmetic of one node: what its daemons leave, and how many pods of a shape fit an empty one.
import {
  type Amounts,
  type DaemonDemand,
  isAllowed,
  type PlanProblem,
  type PodDemand,
  type Pool,
} from './demand.ts';

/** What a node of a pool has for ordinary pods. `amounts` follows {@link Rooms.resources}; the last entry is pod slots. */
export interface Rooms {
  readonly resources: readonly string[];
  /** [pool][resource], then pod slots. Never negative. */
  readonly free: readonly Float64Array[];
  /** [pod][resource], then 1 for the slot. */
  readonly needs: readonly Float64Array[];
  /** [pod][pool]: how many fit an empty node; 0 also when not allowed there. */
  readonly fit: readonly Int32Array[];
}

export function daemonsOf(pool: Pool, daemons: readonly DaemonDemand[]): DaemonDemand[] {
  return daemons.filter((daemon) => isAllowed(daemon.pools, pool));
}

function vector(resources: readonly string[], amounts: Amounts, slots: number): Float64Array {
  return Float64Array.from([...resources.map((resource) => amounts[resource] ?? 0), slots]);
}

function freeOf(pool: Pool, resources: readonly string[], daemons: readonly DaemonDemand[]): Float64Array {
  const free = vector(resources, pool.allocatable, pool.nPodsMax);
  for (const daemon of daemonsOf(pool, daemons)) {
    vector(resources, daemon.requests, 1).forEach((amount, r) => {
      free[r] = Math.max(0, free[r]! - amount);
    });
  }
  return free;
}

/** How many times `need` goes into `free`, at most `limit`. */
export function timesFit(free: Float64Array, need: Float64Array, limit: number): number {
  let times = limit;
  for (let r = 0; r < need.length; r++) {
    const amount = need[r]!;
    if (amount > 0) times = Math.min(times, Math.floor(free[r]! / amount));
  }
  return Math.max(0, times);
}

function fitOf(pod: PodDemand, need: Float64Array, pool: Pool, free: Float64Array): number {
  return isAllowed(pod.pools, pool) ? timesFit(free, need, pod.nPerNodeMax ?? pool.nPodsMax) : 0;
}

/** Computes everything once; positions follow `demand.pods` and `pools`. */
export function roomsOf({ demand, pools }: Pick<PlanProblem, 'demand' | 'pools'>): Rooms {
  const named = [...demand.pods, ...demand.daemons].flatMap((pod) => Object.keys(pod.requests));
  const resources = [...new Set(named)];
  const free = pools.map((pool) => freeOf(pool, resources, demand.daemons));
  const needs = demand.pods.map((pod) => vector(resources, pod.requests, 1));
  const fit = demand.pods.map((pod, k) =>
    Int32Array.from(pools, (pool, p) => fitOf(pod, needs[k]!, pool, free[p]!)),
  );
  return { resources, free, needs, fit };
}
