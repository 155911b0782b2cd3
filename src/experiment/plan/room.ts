// The arithmetic of one node: what its daemons leave, and how many pods of a shape fit an empty one. Devices that are
// shared are a resource for each way of rounding shares, because a share lies on one device: two of 60 % take two.
import {
  type Amounts,
  type DaemonDemand,
  isAllowed,
  type PlanProblem,
  type PodDemand,
  type Pool,
} from './demand.ts';
import { COARSE_PARTS, part } from './dual-feasible.ts';

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

/** By name: how many parts of a device shares are rounded to. */
const DEVICE_RESOURCES = new Map(COARSE_PARTS.map((parts) => [`GPUs (shares in 1/${parts})`, parts]));

/** What a pod takes of the devices, in each way of rounding. */
function deviceAmounts({ devices }: Pick<PodDemand, 'devices'>): Amounts {
  if (devices === undefined) return {};
  const { count, share } = devices;
  return Object.fromEntries(
    [...DEVICE_RESOURCES].map(([resource, parts]) => [resource, count * part(share, parts)]),
  );
}

function amountsOf(pod: PodDemand): Amounts {
  return { ...pod.requests, ...deviceAmounts(pod) };
}

function offeredBy({ allocatable, nDevices = 0 }: Pool): Amounts {
  const devices = [...DEVICE_RESOURCES.keys()].map((resource) => [resource, nDevices]);
  return { ...allocatable, ...Object.fromEntries(devices) };
}

function vector(resources: readonly string[], amounts: Amounts, slots: number): Float64Array {
  return Float64Array.from([...resources.map((resource) => amounts[resource] ?? 0), slots]);
}

function freeOf(pool: Pool, resources: readonly string[], daemons: readonly DaemonDemand[]): Float64Array {
  const free = vector(resources, offeredBy(pool), pool.nPodsMax);
  for (const daemon of daemonsOf(pool, daemons)) {
    vector(resources, daemon.requests, 1).forEach((amount, r) => {
      free[r] = Math.max(0, free[r]! - amount);
    });
  }
  return free;
}

/** Rounded parts of devices are no exact numbers. */
const HAIR = 1e-12;

/** How many times `need` goes into `free`, at most `limit`. */
export function timesFit(free: Float64Array, need: Float64Array, limit: number): number {
  let times = limit;
  for (let r = 0; r < need.length; r++) {
    const amount = need[r]!;
    if (amount > 0) times = Math.min(times, Math.floor(free[r]! / amount + HAIR));
  }
  return Math.max(0, times);
}

function fitOf(pod: PodDemand, need: Float64Array, pool: Pool, free: Float64Array): number {
  return isAllowed(pod.pools, pool) ? timesFit(free, need, pod.nPerNodeMax ?? pool.nPodsMax) : 0;
}

/** No fewer nodes of one pool hold all the pods that it takes; a part of a node counts as such. */
export function leastNodes({ demand }: PlanProblem, { needs, free, fit }: Rooms, poolIdx: number): number {
  const taken = [...demand.pods.keys()].filter((k) => fit[k]![poolIdx]! > 0);
  const shares = Array.from(free[poolIdx]!, (amount, r) => {
    const wanted = taken.reduce((sum, k) => sum + demand.pods[k]!.count * needs[k]![r]!, 0);
    return wanted === 0 ? 0 : wanted / amount;
  });
  return Math.max(...shares);
}

/** Computes everything once; positions follow `demand.pods` and `pools`. */
export function roomsOf({ demand, pools }: Pick<PlanProblem, 'demand' | 'pools'>): Rooms {
  const amounts = demand.pods.map(amountsOf);
  const named = [...amounts, ...demand.daemons.map(({ requests }) => requests)].flatMap(Object.keys);
  const resources = [...new Set(named)];
  const free = pools.map((pool) => freeOf(pool, resources, demand.daemons));
  const needs = amounts.map((amount) => vector(resources, amount, 1));
  const fit = demand.pods.map((pod, k) =>
    Int32Array.from(pools, (pool, p) => fitOf(pod, needs[k]!, pool, free[p]!)),
  );
  return { resources, free, needs, fit };
}
