// Everything a plan search has learned: judged clusters, the cheapest that meets the objectives, and whether a
// larger cluster ever did worse than a smaller one.
import type { Judged } from '../search/search.ts';
import type { Counts } from './bound.ts';
import { type Cluster, includes, weightOf } from './cluster.ts';
import type { PlanProblem } from './demand.ts';

export interface Entry {
  readonly counts: Counts;
  readonly weight: number;
  readonly judged: Judged<Cluster>;
}

export class Ledger {
  readonly problem: PlanProblem;
  /** In the order judged. */
  readonly entries: Entry[] = [];
  best: Entry | undefined;
  /** The first pair in which the larger cluster missed what the smaller one met. */
  violation: { larger: Entry; smaller: Entry } | undefined;
  #byKey = new Map<string, Entry>();

  constructor(problem: PlanProblem) {
    this.problem = problem;
  }

  get bestWeight(): number {
    return this.best?.weight ?? Infinity;
  }

  find(counts: Counts): Entry | undefined {
    return this.#byKey.get(counts.join());
  }

  add(counts: Counts, judged: Judged<Cluster>): Entry {
    const known = this.find(counts);
    if (known !== undefined) return known;
    const entry = { counts, weight: weightOf(counts, this.problem), judged };
    this.violation ??= this.#violationBy(entry);
    this.entries.push(entry);
    this.#byKey.set(counts.join(), entry);
    // The first found wins a tie.
    if (judged.met && entry.weight < this.bestWeight - 1e-9) this.best = entry;
    return entry;
  }

  /**
   * Whether a cluster with at least these nodes is known to miss the objectives: then these would too, unless it has
   * been seen that more nodes can be worse.
   */
  isWithinMissed(counts: Counts): boolean {
    if (this.violation !== undefined) return this.find(counts)?.judged.met === false;
    return this.entries.some((entry) => !entry.judged.met && includes(entry.counts, counts));
  }

  #violationBy(entry: Entry): { larger: Entry; smaller: Entry } | undefined {
    for (const other of this.entries) {
      if (other.judged.met === entry.judged.met) continue;
      const [met, missed] = entry.judged.met ? [entry, other] : [other, entry];
      if (includes(missed.counts, met.counts)) return { larger: missed, smaller: met };
    }
    return undefined;
  }
}
