// Quick packing, to guess good clusters before the simulator judges them. It knows requests, pod slots and per-node
// limits; zones, affinity and the scheduler's own order are the simulator's part. The better of two heuristics counts:
// spreading, hardest shapes first, each pod to the emptiest node (as the scheduler tends to do); and filling node by
// node with whatever leaves least (norm-based greedy; Panigrahy et al., "Heuristics for vector bin packing", 2011).
import type { Counts } from './bound.ts';
import { type PlanProblem, unitWeight } from './demand.ts';
import { type Rooms, timesFit } from './room.ts';

/** One node being filled. */
interface Bin {
  readonly poolIdx: number;
  readonly free: Float64Array;
}

function fullnessOf(free: Float64Array, whole: Float64Array): number {
  let fullest = 0;
  for (let r = 0; r < whole.length; r++)
    if (whole[r]! > 0) fullest = Math.max(fullest, 1 - free[r]! / whole[r]!);
  return fullest;
}

/** The least full bin with room for one more; the first wins a tie; -1 when there is none. */
function emptiest(
  bins: readonly Bin[],
  fullness: Float64Array,
  room: Int32Array,
  need: Float64Array,
): number {
  let best = -1;
  for (let b = 0; b < bins.length; b++) {
    if (room[b] === 0 || (best >= 0 && fullness[b]! >= fullness[best]!)) continue;
    if (timesFit(bins[b]!.free, need, 1) === 1) best = b;
  }
  return best;
}

export class Packer {
  #problem: PlanProblem;
  #rooms: Rooms;
  /** Shapes, hardest first. */
  #order: readonly number[];
  /** Pools, smallest node first, so that what needs large nodes finds them free. */
  #bySize: readonly number[];
  /** Weight of each resource: total demand in terms of a pool's node. */
  #scarcity: readonly number[];

  constructor(problem: PlanProblem, rooms: Rooms) {
    this.#problem = problem;
    this.#rooms = rooms;
    const hardness = problem.demand.pods.map((_, k) => this.#hardness(k));
    // Shapes confined to fewer pools first, then larger ones, then the order given.
    const nPools = rooms.fit.map((fits) => fits.filter((fit) => fit > 0).length);
    this.#order = [...hardness.keys()].sort(
      (a, b) => nPools[a]! - nPools[b]! || hardness[b]! - hardness[a]! || a - b,
    );
    const sizes = rooms.free.map((free) => free[0] ?? 0);
    this.#bySize = [...sizes.keys()].sort((a, b) => sizes[a]! - sizes[b]! || a - b);
    this.#scarcity = [...rooms.resources, 'pods'].map((_, r) =>
      problem.demand.pods.reduce((sum, pod, k) => sum + pod.count * rooms.needs[k]![r]!, 0),
    );
  }

  /** Pods by shape that find no place in the cluster, by the better heuristic. */
  unplaced(counts: Counts): number[] {
    const wanted = this.#problem.demand.pods.map((pod) => pod.count);
    const bins = this.#bySize.flatMap((p) => Array.from({ length: counts[p]! }, () => this.#bin(p)));
    const snug = this.#fillSnugly(bins, wanted);
    if (snug.every((count) => count === 0)) return snug;
    const spread = this.#spread(
      bins.map(({ poolIdx }) => this.#bin(poolIdx)),
      wanted,
    );
    return this.#work(wanted, spread) > this.#work(wanted, snug) ? spread : snug;
  }

  /**
   * `counts` plus nodes, one at a time, wherever they take most of the unplaced pods for their weight, until all are
   * placed; undefined when the pools' maxima do not allow it. `allowed` limits which pools may grow.
   */
  completed(counts: Counts, allowed: readonly number[]): Counts | undefined {
    const result = [...counts];
    let left = this.unplaced(result);
    while (left.some((count) => count > 0)) {
      const best = this.#bestAddition(result, left, allowed);
      if (best === undefined) return undefined;
      result[best.poolIdx] = result[best.poolIdx]! + best.nNodes;
      left = this.unplaced(result);
    }
    return result;
  }

  /** Share of the roomiest node that a pod takes in its scarcest resource. */
  #hardness(podIdx: number): number {
    const sizes = this.#problem.pools.map((_, p) => this.#size(podIdx, p));
    return Math.min(...sizes);
  }

  #size(podIdx: number, poolIdx: number): number {
    const need = this.#rooms.needs[podIdx]!;
    const free = this.#rooms.free[poolIdx]!;
    let size = 0;
    for (let r = 0; r < need.length; r++) if (need[r]! > 0) size = Math.max(size, need[r]! / free[r]!);
    return size;
  }

  #bin(poolIdx: number): Bin {
    return { poolIdx, free: this.#rooms.free[poolIdx]!.slice() };
  }

  /** Places every pod on the bin that is emptiest in its fullest resource. */
  #spread(bins: readonly Bin[], counts: readonly number[]): number[] {
    const left = [...counts];
    const fullness = new Float64Array(bins.length);
    for (const k of this.#order) {
      const need = this.#rooms.needs[k]!;
      const room = Int32Array.from(bins, ({ poolIdx }) => this.#rooms.fit[k]![poolIdx]!);
      for (; left[k]! > 0; left[k] = left[k]! - 1) {
        const b = emptiest(bins, fullness, room, need);
        if (b < 0) break;
        const { poolIdx, free } = bins[b]!;
        room[b] = room[b]! - 1;
        for (let r = 0; r < need.length; r++) free[r] = free[r]! - need[r]!;
        fullness[b] = fullnessOf(free, this.#rooms.free[poolIdx]!);
      }
    }
    return left;
  }

  /** Fills one bin after the other, each time with the pod that comes closest to filling what is free. */
  #fillSnugly(bins: readonly Bin[], counts: readonly number[]): number[] {
    const left = [...counts];
    for (const { poolIdx, free } of bins) {
      const room = this.#problem.demand.pods.map((_, k) => Math.min(left[k]!, this.#rooms.fit[k]![poolIdx]!));
      for (let k = this.#snuggest(poolIdx, free, room); k >= 0; k = this.#snuggest(poolIdx, free, room)) {
        const need = this.#rooms.needs[k]!;
        for (let r = 0; r < need.length; r++) free[r] = free[r]! - need[r]!;
        room[k] = room[k]! - 1;
        left[k] = left[k]! - 1;
      }
    }
    return left;
  }

  /** The shape that leaves the smallest weighted square of free resources; -1 when none fits. */
  #snuggest(poolIdx: number, free: Float64Array, room: readonly number[]): number {
    const whole = this.#rooms.free[poolIdx]!;
    let best = -1;
    let bestNorm = Infinity;
    for (const k of this.#order) {
      const need = this.#rooms.needs[k]!;
      if (room[k]! === 0 || timesFit(free, need, 1) === 0) continue;
      let norm = 0;
      for (let r = 0; r < need.length; r++) {
        if (whole[r] === 0) continue;
        const rest = (free[r]! - need[r]!) / whole[r]!;
        norm += (this.#scarcity[r]! / whole[r]!) * rest * rest;
      }
      if (norm < bestNorm) {
        bestNorm = norm;
        best = k;
      }
    }
    return best;
  }

  /** The pool whose one more node takes most for its weight, and how many such nodes are surely useful at once. */
  #bestAddition(
    counts: Counts,
    left: readonly number[],
    allowed: readonly number[],
  ): { poolIdx: number; nNodes: number } | undefined {
    let best: { poolIdx: number; nNodes: number } | undefined;
    let bestValue = 0;
    for (const p of allowed) {
      const room = this.#problem.pools[p]!.nMax - counts[p]!;
      if (room <= 0) continue;
      const after = this.#fillSnugly([this.#bin(p)], left);
      const taken = this.#work(left, after);
      if (taken === 0) continue;
      const value = taken / unitWeight(this.#problem.pools[p]!, this.#problem.weights);
      if (value <= bestValue) continue;
      bestValue = value;
      // Half of what identical nodes would need, so that the last ones are chosen afresh.
      const nNodes = Math.max(
        1,
        Math.min(
          room,
          Math.floor(
            this.#work(
              left,
              left.map(() => 0),
            ) /
              taken /
              2,
          ),
        ),
      );
      best = { poolIdx: p, nNodes };
    }
    return best;
  }

  /** Size of the pods placed between two counts of unplaced ones, each by the node it fits best. */
  #work(before: readonly number[], after: readonly number[]): number {
    return before.reduce((sum, count, k) => sum + (count - after[k]!) * this.#hardness(k), 0);
  }
}
