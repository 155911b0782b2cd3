// The situations in which a cluster must hold its pods: as it is, and where it is to survive losses, without a node of any
// pool that it uses, and without any zone. Nodes of a pool are dealt out to its zones in turn.
import type { Region } from './covering.ts';
import type { PlanProblem } from './demand.ts';
import type { Row } from './linear-model.ts';

export interface Situation {
  /** The column that counts the nodes that are there, by pool. */
  readonly nodeColumns: readonly number[];
  /** Pods that nobody makes anew are gone with their nodes. */
  readonly isLoss: boolean;
}

export interface Situations {
  readonly list: readonly Situation[];
  /** Of the whole columns beside those of the pools: at most this, at least 0. */
  readonly upper: readonly number[];
  readonly rows: readonly Row[];
}

/** Columns 0 to the number of pools count the nodes of the cluster. */
export function situationsOf(problem: PlanProblem, region: Region): Situations {
  const builder = new Builder(problem, region);
  if (problem.survive?.includes('node')) builder.addNodeLosses();
  if (problem.survive?.includes('zone')) builder.addZoneLosses();
  return builder;
}

function atLeast(lower: number, terms: readonly (readonly [column: number, value: number])[]): Row {
  return {
    lower,
    upper: Infinity,
    columns: terms.map(([column]) => column),
    values: terms.map(([, value]) => value),
  };
}

class Builder implements Situations {
  readonly list: Situation[];
  readonly upper: number[] = [];
  readonly rows: Row[] = [];
  readonly #problem: PlanProblem;
  readonly #region: Region;
  readonly #whole: readonly number[];

  constructor(problem: PlanProblem, region: Region) {
    this.#problem = problem;
    this.#region = region;
    this.#whole = problem.pools.map((_, p) => p);
    this.list = [{ nodeColumns: this.#whole, isLoss: false }];
  }

  addNodeLosses(): void {
    for (const p of this.#whole) {
      const most = this.#region.upper[p]!;
      if (most === 0 || this.#problem.pools[p]!.isGiven) continue;
      const isUsed = this.#column(1);
      const left = this.#column(most);
      this.rows.push(
        atLeast(0, [
          [isUsed, most],
          [p, -1],
        ]),
        atLeast(0, [
          [p, 1],
          [isUsed, -1],
          [left, -1],
        ]),
      );
      this.list.push({ nodeColumns: this.#whole.with(p, left), isLoss: true });
    }
  }

  addZoneLosses(): void {
    const zones = new Set(this.#problem.pools.flatMap((pool) => pool.zones));
    zones.delete('');
    for (const zone of zones) {
      const nodeColumns = this.#problem.pools.map((pool, p) => this.#leftWithout(zone, pool.zones, p));
      this.list.push({ nodeColumns, isLoss: true });
    }
  }

  /** Of n nodes, position i of the zones has ceil((n - i) / number of zones). */
  #leftWithout(zone: string, zones: readonly string[], poolIdx: number): number {
    const positions = zones.flatMap((name, i) => (name === zone ? [i] : []));
    if (positions.length === 0) return poolIdx;
    const left = this.#column(this.#region.upper[poolIdx]!);
    const sum = positions.reduce((total, i) => total + i, 0);
    this.rows.push(
      atLeast(0, [
        [poolIdx, 1],
        [left, -1],
      ]),
      atLeast(-sum, [
        [poolIdx, zones.length - positions.length],
        [left, -zones.length],
      ]),
    );
    return left;
  }

  #column(most: number): number {
    this.upper.push(most);
    return this.#whole.length + this.upper.length - 1;
  }
}
