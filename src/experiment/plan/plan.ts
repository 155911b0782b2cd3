// The cheapest cluster that meets the objectives: arithmetic proposes (bound, packing), the simulator disposes.
// Guesses are grown until they meet the objectives and trimmed until they no longer can be; then mixes of the
// promising pools are searched by branch and bound, until the bound is reached or the budget is spent.
import { InputError } from '../../base/errors.ts';
import { type JudgeOptions, Search, type Strategy } from '../search/search.ts';
import { type Bound, type Counts, cheapestCovering, highestBound } from './bound.ts';
import { type Cluster, nNodesOf, supportOf, weightOf } from './cluster.ts';
import type { Region } from './covering.ts';
import { type PlanProblem, unitWeight } from './demand.ts';
import { neededRegion } from './dominance.ts';
import { checkPlan } from './infeasible.ts';
import { type Entry, Ledger } from './ledger.ts';
import type { Solver } from './linear-model.ts';
import { searchMixes } from './mixes.ts';
import { exchange, grow, lookAround, trim } from './moves.ts';
import { Packer } from './packing.ts';
import { type PlanResult, planResult } from './plan-result.ts';
import { leastNodes, type Rooms, roomsOf } from './room.ts';

export interface PlanOptions {
  /** Good enough: stop improving when the answer is within this ratio of the lower bound; 0 by default. */
  readonly gapRatio?: number;
  /** Clusters judged at most before improving ends; 60 by default. The first guesses are always finished. */
  readonly nJudgedMax?: number;
  /** Coverings solved at most while improving; 120 by default. */
  readonly nCoveringsMax?: number;
  /** Runners-up of other pools wanted beside the answer; 3 by default. */
  readonly nAlternatives?: number;
}

const TOO_FEW =
  'all candidates at their maximum do not hold the pods in every situation that is to be survived, or are too full then';
/** Room for fragmentation in the coverings the guesses start from. */
const INFLATIONS = [1, 1.02, 1.05, 1.1];
/** Clusters of a single pool tried, cheapest first. */
const SINGLE_POOLS = 4;
/** Share of the nodes added at once in exchange for others. */
const EXCHANGED = [0.01, 0.05];
/** Pools that branch and bound mixes. */
const MIXED_POOLS = 8;

class PlanSearch {
  #problem: PlanProblem;
  #options: Required<PlanOptions>;
  #rooms: Rooms;
  /** Without pools that no cheapest cluster needs. */
  #region: Region;
  #packer: Packer;
  #solver: Solver;
  #ledger: Ledger;
  #bound: Bound;
  #guesses: readonly Counts[];

  constructor(problem: PlanProblem, options: PlanOptions, solver: Solver) {
    this.#problem = problem;
    this.#options = { gapRatio: 0, nJudgedMax: 60, nCoveringsMax: 120, nAlternatives: 3, ...options };
    this.#rooms = roomsOf(problem);
    this.#packer = new Packer(problem, this.#rooms);
    this.#solver = solver;
    this.#ledger = new Ledger(problem);
    this.#region = neededRegion(problem);
    const { bound, counts } = highestBound(problem, this.#rooms, solver, this.#region);
    if (bound.value === Infinity) throw new InputError([{ path: 'plan', message: TOO_FEW }]);
    this.#bound = bound;
    this.#guesses = this.#rankedGuesses(counts);
  }

  *strategy(): Strategy<Cluster> {
    yield* this.#improve();
    yield* this.#alternatives();
    let checked: Entry | undefined;
    while (this.#ledger.best !== undefined && this.#ledger.best !== checked) {
      checked = this.#ledger.best;
      yield* lookAround(this.#ledger, yield* trim(this.#ledger, checked));
    }
  }

  /** Runners-up of other pools, so that the choice can be compared: the guesses that improving did not need. */
  *#alternatives(): Strategy<Cluster> {
    for (const guess of this.#guesses) {
      const met = this.#ledger.entries.filter((entry) => entry.judged.met);
      const supports = new Set(met.map((entry) => supportOf(entry.counts)));
      if (supports.size > this.#options.nAlternatives) return;
      if (supports.has(supportOf(guess))) continue;
      const entry = yield* grow(this.#ledger, guess, Infinity);
      if (entry !== undefined) yield* trim(this.#ledger, entry);
    }
  }

  *#improve(): Strategy<Cluster> {
    for (const guess of this.#guesses) {
      if (this.#ledger.bestWeight <= this.#target()) return;
      const met = yield* grow(this.#ledger, guess, this.#ledger.bestWeight);
      if (met !== undefined) yield* trim(this.#ledger, met);
    }
    const { nCoveringsMax, nJudgedMax } = this.#options;
    const pools = this.#promisingPools();
    const { lower, upper } = this.#region;
    const region = { lower, upper: upper.map((max, p) => (pools.includes(p) ? max : lower[p]!)) };
    const limits = { nCoveringsMax, nJudgedMax, target: this.#target() };
    yield* searchMixes(this.#ledger, this.#rooms, this.#packer, this.#solver, region, limits);
    yield* this.#exchanges(pools);
  }

  result(): PlanResult {
    const cheapest = this.#guesses[0];
    return planResult(this.#ledger, this.#packer, this.#rooms, this.#bound, cheapest);
  }

  #target(): number {
    return this.#bound.value / (1 - this.#options.gapRatio) + 1e-9;
  }

  /** Clusters that quick packing fills, cheapest first. */
  #rankedGuesses(covering: Counts | undefined): Counts[] {
    const inflated = INFLATIONS.slice(1).map((inflation) => this.#covering(inflation));
    const mixes = [covering, ...inflated].map((counts) => this.#complete(counts));
    const guesses = [...this.#ranked(mixes), ...this.#singles()];
    const distinct = [...new Map(guesses.map((counts) => [counts.join(), counts])).values()];
    return this.#ranked(distinct);
  }

  /** Clusters of one pool each, the cheapest of them; of many pools only those that might be are packed. */
  #singles(): Counts[] {
    const { pools, weights, demand } = this.#problem;
    const nOutside = pools.map((_, p) => demand.pods.filter((_, k) => this.#rooms.fit[k]![p] === 0).length);
    const least = pools.map(
      (pool, p) => leastNodes(this.#problem, this.#rooms, p) * unitWeight(pool, weights),
    );
    const likely = [...pools.keys()]
      .sort((a, b) => nOutside[a]! - nOutside[b]! || least[a]! - least[b]! || a - b)
      .slice(0, 3 * SINGLE_POOLS);
    const packed = likely.map((p) => this.#packer.completed(this.#region.lower, [p]));
    return this.#ranked(packed).slice(0, SINGLE_POOLS);
  }

  #covering(inflation: number): Counts | undefined {
    return cheapestCovering(this.#problem, this.#rooms, this.#region, this.#solver, inflation).counts;
  }

  /** Fills up a covering: with its own pools if they can, with any otherwise; whichever is cheaper. */
  #complete(counts: Counts | undefined): Counts | undefined {
    if (counts === undefined) return undefined;
    const own = counts.flatMap((count, p) => (count > 0 ? [p] : []));
    const all = this.#region.upper.flatMap((max, p) => (max > 0 ? [p] : []));
    return this.#ranked([this.#packer.completed(counts, own), this.#packer.completed(counts, all)])[0];
  }

  #ranked(list: readonly (Counts | undefined)[]): Counts[] {
    const found = list.filter((counts) => counts !== undefined);
    return found.sort((a, b) => weightOf(a, this.#problem) - weightOf(b, this.#problem));
  }

  /** Exchanges nodes of the best cluster for those of other pools, few or many at once, while that improves it. */
  *#exchanges(pools: readonly number[]): Strategy<Cluster> {
    let before: Entry | undefined;
    while (this.#ledger.best !== before) {
      before = this.#ledger.best;
      for (const p of pools) {
        for (const ratio of EXCHANGED) {
          const { best, entries } = this.#ledger;
          if (best === undefined || entries.length >= this.#options.nJudgedMax) return;
          yield* exchange(this.#ledger, best, p, Math.ceil(nNodesOf(best.counts) * ratio));
        }
      }
    }
  }

  /** The pools of the best cluster so far and of the best guesses. */
  #promisingPools(): readonly number[] {
    const chosen = new Set<number>();
    for (const counts of [this.#ledger.best?.counts ?? [], ...this.#guesses]) {
      for (const [p, count] of counts.entries()) if (count > 0 && chosen.size < MIXED_POOLS) chosen.add(p);
    }
    return [...chosen];
  }
}

/**
 * An experiment that finds the cheapest cluster. The run function is given a {@link Cluster}. Throws an InputError at
 * once, before any run, when arithmetic says that no candidate can meet the demand.
 */
export function planSearch(
  problem: PlanProblem,
  judgeOptions: JudgeOptions,
  solver: Solver,
  options: PlanOptions = {},
): Search<Cluster, PlanResult> {
  checkPlan(problem);
  const search = new PlanSearch(problem, options, solver);
  return new Search(search.strategy(), () => search.result(), judgeOptions);
}
