// Pools that no cheapest cluster needs, because another takes all they would take, has no less of anything, and is no
// dearer. A catalogue is full of them; without them the coverings are a few times smaller, and their optimum is the same.
import { type Region, wholeRegion } from './covering.ts';
import { type PlanProblem, type PodDemand, type Pool, unitWeight } from './demand.ts';
import { daemonsOf, type Rooms, roomsOf } from './room.ts';

/** All that the pools allow, without those. */
export function neededRegion(problem: PlanProblem): Region {
  const isDominated = dominatedPools(problem);
  const { lower, upper } = wholeRegion(problem);
  return { lower, upper: upper.map((max, p) => (isDominated[p] ? 0 : max)) };
}

function dominatedPools(problem: PlanProblem): boolean[] {
  const everything = everyPod(problem);
  const judge = new Dominance({ ...problem, demand: { ...problem.demand, pods: everything } });
  return problem.pools.map((_, p) => judge.isDominated(p));
}

/** Also pods that are there for a time only: a pool that they alone need is needed. */
function everyPod({ demand, peaks = [], passing = [] }: PlanProblem): PodDemand[] {
  return [...demand.pods, ...peaks.flat(), ...passing];
}

/** A scheduler that spreads may need so many times the nodes that would do. */
const WASTE = 2;

class Dominance {
  readonly #problem: PlanProblem;
  readonly #rooms: Rooms;
  readonly #weights: readonly number[];
  /** What a node counts for under each ceiling, daemons taken off. */
  readonly #ceilings: readonly (readonly number[])[];
  readonly #isAmple: readonly boolean[];

  constructor(problem: PlanProblem) {
    this.#problem = problem;
    this.#rooms = roomsOf(problem);
    this.#weights = problem.pools.map((pool) => unitWeight(pool, problem.weights));
    this.#ceilings = problem.pools.map((pool) => ceilingsOf(pool, problem));
    this.#isAmple = problem.pools.map((pool, p) => pool.nMax >= WASTE * this.#nUsefulMax(p));
  }

  isDominated(p: number): boolean {
    const { nMin, isGiven } = this.#problem.pools[p]!;
    if (isGiven || nMin > 0) return false;
    return this.#problem.pools.some((_, q) => q !== p && this.#dominates(q, p));
  }

  /** Of equal ones the first counts. */
  #dominates(q: number, p: number): boolean {
    const [weight, other] = [this.#weights[q]!, this.#weights[p]!];
    if (!this.#isAmple[q] || !(weight <= other) || !this.#hasAll(q, p)) return false;
    return q < p || weight < other || !this.#hasAll(p, q);
  }

  #hasAll(q: number, p: number): boolean {
    const { pools } = this.#problem;
    const { free, fit } = this.#rooms;
    return (
      !pools[q]!.isGiven &&
      pools[q]!.zones.join() === pools[p]!.zones.join() &&
      free[q]!.every((amount, r) => amount >= free[p]![r]!) &&
      this.#ceilings[q]!.every((amount, r) => amount >= this.#ceilings[p]![r]!) &&
      fit.every((fits) => fits[q]! >= fits[p]!)
    );
  }

  /** More nodes of a pool than this are of no use: so many hold all that it may take, even after a loss. */
  #nUsefulMax(p: number): number {
    const { demand, pools, survive = [] } = this.#problem;
    const nForPods = demand.pods.reduce((sum, pod, k) => {
      const fit = this.#rooms.fit[k]![p]!;
      return fit === 0 ? sum : sum + Math.ceil(pod.count / fit);
    }, 0);
    const nForCeilings = Object.keys(this.#problem.ceilings ?? {}).map((resource, i) => {
      const wanted = demand.pods.reduce(
        (sum, { count, requests }) => sum + count * (requests[resource] ?? 0),
        0,
      );
      return wanted === 0 ? 0 : Math.ceil(wanted / this.#ceilings[p]![i]!);
    });
    if (this.#ceilings.flat().some((amount) => amount < 0)) return Infinity;
    const n = Math.max(nForPods, ...nForCeilings);
    const nZones = pools[p]!.zones.length;
    const nLost = Math.max(
      survive.includes('node') ? 1 : 0,
      survive.includes('zone') && nZones > 1 ? Math.ceil(n / (nZones - 1)) : 0,
    );
    return n + nLost;
  }
}

function ceilingsOf(pool: Pool, { demand, ceilings = {} }: PlanProblem): number[] {
  const daemons = daemonsOf(pool, demand.daemons);
  return Object.entries(ceilings).map(
    ([resource, ratio]) =>
      ratio * (pool.allocatable[resource] ?? 0) -
      daemons.reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0),
  );
}
