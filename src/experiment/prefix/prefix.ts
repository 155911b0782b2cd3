// The shortest prefix of a list of nodes that meets the objectives: gallop up from the lower bound, bisect, look around.
// Where even the whole list misses them, the shortest that does no worse than the whole list. That more nodes are no
// worse is not assumed: what is seen above and below the answer is told.
import type { Point } from '../experiment.ts';
import { isAsGood } from '../objectives.ts';
import { type Judged, type JudgeOptions, Search, type Strategy } from '../search/search.ts';
import type { ListRoom } from './node-list.ts';

export interface PrefixProblem {
  readonly nListed: number;
  /** Room for the pods that are there at the end. */
  readonly atEnd: ListRoom;
  /** Room for pods that are there together if nobody ever waits; none where somebody may. */
  readonly peaks: readonly ListRoom[];
}

export interface JudgedPrefix<P> {
  readonly nNodes: number;
  readonly judged: Judged<P>;
}

export interface PrefixResult<P> {
  /** The shortest judged prefix that meets the objectives or, where the whole list misses them, does no worse than it. */
  readonly answer: JudgedPrefix<P> | undefined;
  /** Fewer nodes cannot be as good. */
  readonly nNodesMin: number;
  /** Longer prefixes that were seen to do worse, ascending. */
  readonly worse: readonly number[];
  /** Every prefix judged, ascending. */
  readonly judged: readonly JudgedPrefix<P>[];
}

const PENDING = 'pods.pending';
/** Prefixes checked below the answer and above it. */
const N_CHECKS = 3;

class PrefixSearch<P> {
  readonly #problem: PrefixProblem;
  readonly #pointAt: (nNodes: number) => Point<P>;
  readonly #judged = new Map<number, Judged<P>>();
  #nNodesMin = 0;

  constructor(pointAt: (nNodes: number) => Point<P>, problem: PrefixProblem) {
    this.#problem = problem;
    this.#pointAt = pointAt;
  }

  *strategy(): Strategy<P> {
    yield* this.#judge([this.#problem.nListed]);
    this.#nNodesMin = this.#bound();
    yield* this.#gallop();
    for (let shortest = -1; shortest !== this.#shortest(); ) {
      yield* this.#bisect();
      shortest = this.#shortest();
      yield* this.#judge(this.#checks(shortest));
    }
  }

  result(): PrefixResult<P> {
    const judged = [...this.#judged]
      .sort(([a], [b]) => a - b)
      .map(([nNodes, verdict]) => ({ nNodes, judged: verdict }));
    const good = judged.filter(({ nNodes }) => this.#isGood(nNodes));
    const worse = judged.filter(({ nNodes }) => nNodes > (good[0]?.nNodes ?? 0) && !this.#isGood(nNodes));
    return {
      answer: good[0],
      nNodesMin: this.#nNodesMin,
      worse: worse.map(({ nNodes }) => nNodes),
      judged,
    };
  }

  *#judge(wanted: readonly number[]): Strategy<P> {
    const judged = yield wanted.map((nNodes) => this.#pointAt(nNodes));
    for (const [i, nNodes] of wanted.entries()) this.#judged.set(nNodes, judged[i]!);
  }

  /** From the bound in growing steps, until one is good. */
  *#gallop(): Strategy<P> {
    const { nListed } = this.#problem;
    for (let step = 1, nNodes = this.#nNodesMin; nNodes < nListed; nNodes += step, step *= 2) {
      yield* this.#judge([nNodes]);
      if (this.#isGood(nNodes)) return;
    }
  }

  /** Between the shortest that is good and the longest known to be worse below it. */
  *#bisect(): Strategy<P> {
    for (;;) {
      const shortest = this.#shortest();
      const below = [...this.#judged.keys()].filter((nNodes) => nNodes < shortest);
      const worse = Math.max(this.#nNodesMin - 1, ...below);
      if (shortest - worse <= 1) return;
      yield* this.#judge([Math.floor((worse + shortest) / 2)]);
    }
  }

  /** Next to the answer on both sides, and evenly between bound and answer; one less even if it is below the bound. */
  #checks(shortest: number): number[] {
    const range = shortest - this.#nNodesMin;
    const checks = Array.from({ length: N_CHECKS }, (_, i) => [
      shortest - 1 - i,
      shortest + 1 + i,
      this.#nNodesMin + Math.floor((range * i) / N_CHECKS),
    ]).flat();
    const least = Math.max(0, this.#nNodesMin - 1);
    const isOpen = (nNodes: number) =>
      nNodes >= least && nNodes <= this.#problem.nListed && !this.#judged.has(nNodes);
    return [...new Set(checks)].filter(isOpen);
  }

  #shortest(): number {
    return Math.min(...[...this.#judged.keys()].filter((nNodes) => this.#isGood(nNodes)));
  }

  #isGood(nNodes: number): boolean {
    const all = this.#judged.get(this.#problem.nListed)!;
    const { met, judgement } = this.#judged.get(nNodes)!;
    return met || (!all.met && isAsGood(judgement, all.judgement));
  }

  /** So many pods may stay pending as an objective allows, or as do on the whole list if that is more. */
  #bound(): number {
    const { nListed, atEnd, peaks } = this.#problem;
    const { met, judgement } = this.#judged.get(nListed)!;
    const pending = judgement.results.find(({ objective }) => objective.metric === PENDING);
    const nPending = Math.max(pending?.objective.bound ?? 0, pending?.value ?? 0);
    const bounds = [atEnd.nNodesMin(nPending), ...(met ? peaks.map((room) => room.nNodesMin(0)) : [])];
    return Math.max(...bounds.map((bound) => bound ?? nListed));
  }
}

/** `pointAt` makes the point of a prefix, with an id of its own. */
export function prefixSearch<P>(
  pointAt: (nNodes: number) => Point<P>,
  problem: PrefixProblem,
  judgeOptions: JudgeOptions,
): Search<P, PrefixResult<P>> {
  const search = new PrefixSearch(pointAt, problem);
  return new Search(search.strategy(), () => search.result(), judgeOptions);
}
