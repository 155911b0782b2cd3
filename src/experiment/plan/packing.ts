// A quick packing, first fit decreasing by shape, to guess good clusters before the simulator judges them. It knows
// requests, pod slots and per-node limits; zones, affinity and the scheduler's own order are the simulator's part.
import type { Counts } from './bound.ts';
import { type PlanProblem, unitWeight } from './demand.ts';
import { type Rooms, timesFit } from './room.ts';

/** One node being filled. */
interface Bin {
  readonly poolIdx: number;
  readonly free: Float64Array;
}

export class Packer {
  #problem: PlanProblem;
  #rooms: Rooms;
  /** Shapes, hardest first. */
  #order: readonly number[];

  constructor(problem: PlanProblem, rooms: Rooms) {
    this.#problem = problem;
    this.#rooms = rooms;
    const hardness = problem.demand.pods.map((_, k) => this.#hardness(k));
    // Shapes confined to fewer pools first, then larger ones, then the order given.
    const nPools = rooms.fit.map((fits) => fits.filter((fit) => fit > 0).length);
    this.#order = [...hardness.keys()].sort(
      (a, b) => nPools[a]! - nPools[b]! || hardness[b]! - hardness[a]! || a - b,
    );
  }

  /** Pods by shape that find no place in the cluster. */
  unplaced(counts: Counts): number[] {
    const bins = counts.flatMap((count, p) => Array.from({ length: count }, () => this.#bin(p)));
    return this.#fill(
      bins,
      this.#problem.demand.pods.map((pod) => pod.count),
    );
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

  #fill(bins: readonly Bin[], counts: readonly number[]): number[] {
    const left = [...counts];
    for (const k of this.#order) {
      const need = this.#rooms.needs[k]!;
      for (let b = 0; b < bins.length && left[k]! > 0; b++) {
        const { poolIdx, free } = bins[b]!;
        const times = timesFit(free, need, Math.min(left[k]!, this.#rooms.fit[k]![poolIdx]!));
        for (let r = 0; r < need.length; r++) free[r] = free[r]! - times * need[r]!;
        left[k] = left[k]! - times;
      }
    }
    return left;
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
      const after = this.#fill([this.#bin(p)], left);
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
