// What no search can mend, named before any: pods that fit no candidate, limits that cannot hold, prices unknown.
import { InputError, type Problem } from '../../base/errors.ts';
import { formatQuantity } from '../../base/quantity.ts';
import { isAllowed, type PlanProblem, type PodDemand, type Pool, unitWeight } from './demand.ts';
import { type Rooms, roomsOf } from './room.ts';

const PODS = 'pods';

function amountText(resource: string, amount: number): string {
  const isBytes = /^(memory|ephemeral-storage|hugepages-.*)$/.test(resource);
  return formatQuantity(amount, resource === 'cpu' ? 'cpu' : isBytes ? 'bytes' : 'count');
}

function poolProblems(pool: Pool): string[] {
  const messages: string[] = [];
  const { nMin, nMax } = pool;
  if (!Number.isInteger(nMin) || nMin < 0) messages.push(`the minimum ${nMin} is not a whole number >= 0`);
  if (!Number.isInteger(nMax) || nMax < nMin)
    messages.push(`the maximum ${nMax} is not a whole number >= the minimum ${nMin}`);
  return messages;
}

function inputProblems({ pools, weights }: PlanProblem): Problem[] {
  if (pools.length === 0) return [{ path: 'plan.pools', message: 'there is no candidate node type' }];
  const problems: Problem[] = [];
  if (!(weights.cost >= 0 && weights.nodes >= 0 && weights.cost + weights.nodes > 0)) {
    problems.push({
      path: 'plan.minimize',
      message: 'the weights must not be negative, and one must be positive',
    });
  }
  for (const pool of pools) {
    const messages = poolProblems(pool);
    if (Number.isNaN(unitWeight(pool, weights))) {
      messages.push(
        `the price of ${pool.nodeType} is unknown: give one (pricePerHour of its pool, usd_hour in a catalogue), or minimize nodes`,
      );
    }
    problems.push(...messages.map((message) => ({ path: `plan.pools.${pool.name}`, message })));
  }
  return problems;
}

/** The resource of which even the roomiest allowed node has too little. */
function scarcest(rooms: Rooms, podIdx: number, allowed: readonly number[]): string | undefined {
  const need = rooms.needs[podIdx]!;
  for (const [r, resource] of [...rooms.resources, PODS].entries()) {
    const most = Math.max(...allowed.map((p) => rooms.free[p]![r]!));
    if (need[r]! > most) {
      const [wanted, offered] = [amountText(resource, need[r]!), amountText(resource, most)];
      return `it requests ${resource} ${wanted}, and the roomiest candidate has ${offered} left beside its daemons`;
    }
  }
  return undefined;
}

function podMessage(
  pod: PodDemand,
  podIdx: number,
  { pools, survive = [] }: PlanProblem,
  rooms: Rooms,
): string | undefined {
  const allowed = pools.flatMap((pool, p) => (isAllowed(pod.pools, pool) && pool.nMax > 0 ? [p] : []));
  if (allowed.length === 0) return 'no candidate satisfies its node selector, affinity and taints';
  const fitting = allowed.filter((p) => rooms.fit[podIdx]![p]! > 0);
  if (fitting.length === 0) {
    return scarcest(rooms, podIdx, allowed) ?? 'it fits no candidate: each lacks another resource';
  }
  const nNodesMax = fitting.reduce((sum, p) => sum + pools[p]!.nMax, 0);
  const nNodes = Math.ceil(pod.count / (pod.nPerNodeMax ?? Infinity));
  if (nNodes > nNodesMax) {
    return `its anti-affinity (at most ${pod.nPerNodeMax} on a node) needs ${nNodes} nodes, and at most ${nNodesMax} are allowed`;
  }
  const zones = [...new Set(fitting.flatMap((p) => pools[p]!.zones))];
  if ((pod.nZonesMin ?? 0) > zones.length)
    return `it needs ${pod.nZonesMin} zones, and the candidates have ${zones.length}`;
  if (survive.includes('zone') && !pod.isLostWithNode && zones.length === 1 && zones[0] !== '')
    return `it cannot survive the loss of zone ${zones[0]}: all candidates for it are there`;
  const most = fitting.reduce((sum, p) => sum + pools[p]!.nMax * rooms.fit[podIdx]![p]!, 0);
  return most < pod.count ? `at most ${most} of ${pod.count} fit all candidates at their maximum` : undefined;
}

function totalProblems({ demand, pools }: PlanProblem, rooms: Rooms): Problem[] {
  return [...rooms.resources, PODS].flatMap((resource, r): Problem[] => {
    const wanted = demand.pods.reduce((sum, pod, k) => sum + pod.count * rooms.needs[k]![r]!, 0);
    const offered = pools.reduce((sum, pool, p) => sum + pool.nMax * rooms.free[p]![r]!, 0);
    if (wanted <= offered) return [];
    const texts = [amountText(resource, wanted), amountText(resource, offered)];
    return [
      {
        path: resource,
        message: `all pods together need ${texts[0]}, all candidates at their maximum offer ${texts[1]}`,
      },
    ];
  });
}

/** Pods that end can wait for each other: it is enough that one fits. Those that are gone by the end need not even that. */
function passingProblems(problem: PlanProblem): Problem[] {
  const left = (problem.passing ?? []).filter(({ nLeft }) => nLeft > 0);
  const pods = left.map(({ nLeft: _, nZonesMin: __, ...pod }) => ({ ...pod, count: 1 }));
  const demand = { ...problem.demand, pods };
  const rooms = roomsOf({ ...problem, demand });
  return pods.flatMap((pod, k): Problem[] => {
    const message = podMessage(pod, k, { ...problem, demand }, rooms);
    return message === undefined ? [] : [{ path: `pod ${pod.name}`, message }];
  });
}

/** Everything that makes the plan impossible by arithmetic alone; empty when a search makes sense. */
export function planProblems(problem: PlanProblem): Problem[] {
  const wrong = inputProblems(problem);
  if (wrong.length > 0) return wrong;
  const rooms = roomsOf(problem);
  const pods = problem.demand.pods.flatMap((pod, k): Problem[] => {
    const message = pod.count > 0 ? podMessage(pod, k, problem, rooms) : undefined;
    return message === undefined ? [] : [{ path: `pod ${pod.name}`, message }];
  });
  const passing = passingProblems(problem);
  return pods.length + passing.length > 0 ? [...pods, ...passing] : totalProblems(problem, rooms);
}

/** Throws an InputError listing {@link planProblems}. */
export function checkPlan(problem: PlanProblem): void {
  const problems = planProblems(problem);
  if (problems.length > 0) throw new InputError(problems);
}
