// The answer of a plan as plain data: the cluster, how close to the bound it is, what binds it, and what else there is.
import type { Judgement } from '../objectives.ts';
import { type Binding, bindingOf } from './binding.ts';
import type { Bound, Counts } from './bound.ts';
import { type Cluster, costPerHour, HOURS_PER_MONTH, nNodesOf, supportOf, weightOf } from './cluster.ts';
import type { PlanProblem } from './demand.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { Packer } from './packing.ts';
import type { Rooms } from './room.ts';

export interface PlannedCluster {
  readonly cluster: Cluster;
  readonly nNodes: number;
  /** What is minimized. */
  readonly weight: number;
  /** Null when the price of a used pool is unknown. */
  readonly costPerHour: number | null;
  readonly costPerMonth: number | null;
  readonly met: boolean;
  /** False when replications ran out before the verdict was sure. */
  readonly certain: boolean;
  readonly judgement: Judgement;
}

/** A step of the frontier: nothing judged is both lighter and better in this metric. */
export interface FrontierPoint {
  readonly planned: PlannedCluster;
  readonly value: number;
}

export interface PlanResult {
  /** Undefined when no judged cluster meets the objectives. */
  readonly chosen: PlannedCluster | undefined;
  readonly bound: Bound;
  /** (chosen - bound) / chosen, 0 to 1: how much lighter a better answer could be at most. */
  readonly gapRatio: number | undefined;
  /**
   * Weight of the lightest cluster that quick packing fills; between the bound and this lies fragmentation, between
   * this and the answer what the scheduler's own choices, its constraints and the objectives cost.
   */
  readonly packedWeight: number | undefined;
  readonly binding: Binding | undefined;
  /** The lightest cluster of every other set of pools that meets the objectives, lightest first. */
  readonly alternatives: readonly PlannedCluster[];
  /** metric of each objective -> frontier, lightest first. */
  readonly frontier: Readonly<Record<string, readonly FrontierPoint[]>>;
  readonly nJudged: number;
  /** Undefined when more nodes were never worse; else the first exception seen. */
  readonly violation: { readonly larger: Cluster; readonly smaller: Cluster } | undefined;
}

const ALTERNATIVES_MAX = 10;

function planned({ counts, weight, judged }: Entry, problem: PlanProblem): PlannedCluster {
  const cost = costPerHour(counts, problem);
  const { met, certain, judgement, point } = judged;
  const costPerMonth = cost === null ? null : cost * HOURS_PER_MONTH;
  return {
    cluster: point.setting,
    nNodes: nNodesOf(counts),
    weight,
    costPerHour: cost,
    costPerMonth,
    met,
    certain,
    judgement,
  };
}

function byWeight(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.weight - b.weight);
}

function alternativesOf({ entries, best }: Ledger): Entry[] {
  const seen = new Set(best === undefined ? [] : [supportOf(best.counts)]);
  const result: Entry[] = [];
  for (const entry of byWeight(entries.filter(({ judged }) => judged.met))) {
    if (seen.has(supportOf(entry.counts))) continue;
    seen.add(supportOf(entry.counts));
    result.push(entry);
  }
  return result.slice(0, ALTERNATIVES_MAX);
}

/** Pareto-best pairs of weight and one objective's value, over all judged clusters, meeting the objectives or not. */
function frontierOf({ entries, problem }: Ledger, objectiveIdx: number): FrontierPoint[] {
  const frontier: FrontierPoint[] = [];
  let best: number | undefined;
  for (const entry of byWeight(entries)) {
    const { value, objective } = entry.judged.judgement.results[objectiveIdx]!;
    if (value === null) continue;
    const sign = objective.operator === '<=' ? 1 : -1;
    if (best !== undefined && sign * value >= sign * best) continue;
    best = value;
    frontier.push({ planned: planned(entry, problem), value });
  }
  return frontier;
}

function frontiersOf(ledger: Ledger): Record<string, readonly FrontierPoint[]> {
  const results = ledger.entries[0]?.judged.judgement.results ?? [];
  return Object.fromEntries(results.map(({ objective }, i) => [objective.metric, frontierOf(ledger, i)]));
}

/** Puts the answer together; `packed` is the lightest cluster that quick packing fills. */
export function planResult(
  ledger: Ledger,
  packer: Packer,
  rooms: Rooms,
  bound: Bound,
  packed: Counts | undefined,
): PlanResult {
  const { best, problem, violation } = ledger;
  return {
    chosen: best && planned(best, problem),
    bound,
    gapRatio: best && (best.weight === 0 ? 0 : Math.max(0, (best.weight - bound.value) / best.weight)),
    packedWeight: packed && weightOf(packed, problem),
    binding: best && bindingOf(ledger, packer, rooms, best),
    alternatives: alternativesOf(ledger).map((entry) => planned(entry, problem)),
    frontier: frontiersOf(ledger),
    nJudged: ledger.entries.length,
    violation: violation && {
      larger: violation.larger.judged.point.setting,
      smaller: violation.smaller.judged.point.setting,
    },
  };
}
