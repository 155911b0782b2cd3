// Nodes in an order that is given: which of them are alike, and what the first of them can hold at most.
import { coveringModel } from '../plan/covering.ts';
import type { Demand, PlanProblem, Pool } from '../plan/demand.ts';
import type { LinearModel, Solver } from '../plan/linear-model.ts';
import { type Rooms, roomsOf } from '../plan/room.ts';

export interface NodeList {
  /** Kinds of equal nodes; how many there are is said by `kindOf`. */
  readonly kinds: readonly Pool[];
  /** Position in `kinds`, by node: first those that are there in any case, then those of the list. */
  readonly kindOf: readonly number[];
  readonly nFixed: number;
}

/** A resource and how full it is. */
export interface Fullness {
  /** "pods" for slots. */
  readonly resource: string;
  /** Requested by all pods, as a share of what the nodes have beside their daemons. */
  readonly ratio: number;
}

const LIMITS = { relaxed: true, gapRatio: 0, nNodesMax: 1, timeSecMax: 60 };

/** What fits the first nodes of a list, by linear relaxation. */
export class ListRoom {
  readonly nPods: number;
  readonly #list: NodeList;
  readonly #problem: PlanProblem;
  readonly #rooms: Rooms;
  readonly #solver: Solver;

  constructor(list: NodeList, demand: Demand, solver: Solver) {
    this.nPods = demand.pods.reduce((sum, { count }) => sum + count, 0);
    this.#list = list;
    this.#problem = { demand, pools: list.kinds, weights: { cost: 0, nodes: 1 } };
    this.#rooms = roomsOf(this.#problem);
    this.#solver = solver;
  }

  /** No scheduler leaves fewer pods without room on the first nodes. */
  nUnplacedMin(nNodes: number): number {
    const { bound } = this.#solver.solve(this.#unplacedModel(this.#counts(nNodes)), LIMITS);
    return Math.max(0, Math.ceil(bound - 1e-6));
  }

  /** Fewer nodes leave more than `nUnplaced` pods without room; undefined when even all do. */
  nNodesMin(nUnplaced: number): number | undefined {
    let tooFew = -1;
    let enough = this.#list.kindOf.length - this.#list.nFixed;
    if (this.nUnplacedMin(enough) > nUnplaced) return undefined;
    while (enough - tooFew > 1) {
      const middle = Math.floor((tooFew + enough) / 2);
      if (this.nUnplacedMin(middle) > nUnplaced) tooFew = middle;
      else enough = middle;
    }
    return enough;
  }

  /** The resource of which most is requested relative to what the first nodes have. */
  fullest(nNodes: number): Fullness {
    const counts = this.#counts(nNodes);
    const { resources, needs, free } = this.#rooms;
    const all = [...resources, 'pods'].map((resource, r): Fullness => {
      const wanted = this.#problem.demand.pods.reduce((sum, { count }, k) => sum + count * needs[k]![r]!, 0);
      const offered = counts.reduce((sum, count, p) => sum + count * free[p]![r]!, 0);
      return { resource, ratio: wanted === 0 ? 0 : wanted / offered };
    });
    return all.reduce((most, one) => (one.ratio > most.ratio ? one : most));
  }

  #counts(nNodes: number): number[] {
    const { kinds, kindOf, nFixed } = this.#list;
    const counts = kinds.map(() => 0);
    for (const kind of kindOf.slice(0, nFixed + nNodes)) counts[kind] = counts[kind]! + 1;
    return counts;
  }

  /** The covering model with the nodes given, and for each shape what finds no room: as little as can be. */
  #unplacedModel(counts: readonly number[]): LinearModel {
    const model = coveringModel(this.#problem, this.#rooms, { lower: counts, upper: counts });
    const nColumns = model.cost.length;
    const { pods } = this.#problem.demand;
    return {
      cost: [...model.cost.map(() => 0), ...pods.map(() => 1)],
      lower: [...model.lower, ...pods.map(() => 0)],
      upper: [...model.upper, ...pods.map(({ count }) => count)],
      nInteger: 0,
      rows: model.rows.map((row, k) =>
        k < pods.length
          ? { ...row, columns: [...row.columns, nColumns + k], values: [...row.values, 1] }
          : row,
      ),
    };
  }
}
