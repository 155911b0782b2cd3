/**
 * The scheduling algorithm for one pod, by looking at every node in turn: the plain scan. It is the reference that
 * the index is compared with, and serves whatever the index cannot.
 * Source of the rules: kubernetes v1.37.2 pkg/scheduler/schedule_one.go schedulePod, findNodesThatFitPod.
 */
import type { Cluster } from '../../cluster/cluster.ts';
import { FilterRun } from './filter-run.ts';
import type { Diagnosis } from './fit-error.ts';
import { nFeasibleNodesToFind } from './node-sampling.ts';
import type { Nominator } from './nominator.ts';
import type { Cycle, PodInfo } from './plugin.ts';
import type { Profile } from './profile.ts';
import { runScore } from './score-run.ts';
import { CycleError, type Status } from './status.ts';

/** Picks a position among totals; see tie-break.ts. */
export type TieBreak = (totals: Float64Array, n: number) => number;

export type ScheduleResult =
  | {
      readonly outcome: 'scheduled';
      readonly node: number;
      readonly nEvaluated: number;
      readonly nFeasible: number;
    }
  | {
      readonly outcome: 'unschedulable';
      readonly diagnosis: Diagnosis;
      readonly run: FilterRun;
      readonly nEvaluated: number;
    }
  /** A plugin failed: not a rejection, the attempt itself could not be carried out. */
  | { readonly outcome: 'error'; readonly error: Status };

export class PlainScan {
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #nominator: Nominator;
  readonly #tieBreak: TieBreak;
  /** Where the next walk over the nodes starts. */
  nextStartNodeIndex = 0;

  constructor(cluster: Cluster, profile: Profile, nominator: Nominator, tieBreak: TieBreak) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#nominator = nominator;
    this.#tieBreak = tieBreak;
  }

  schedule(pod: PodInfo): ScheduleResult {
    const cycle: Cycle = { cluster: this.#cluster, pod, cls: pod.cls };
    const run = new FilterRun(this.#profile, cycle);
    try {
      return this.#schedule(cycle, run);
    } catch (error) {
      if (error instanceof CycleError) return { outcome: 'error', error: error.status };
      throw error;
    }
  }

  #schedule(cycle: Cycle, run: FilterRun): ScheduleResult {
    const { rejection } = run.outcome;
    if (rejection?.code === 'Error') return { outcome: 'error', error: rejection };
    if (rejection)
      return { outcome: 'unschedulable', diagnosis: this.#rejected(rejection), run, nEvaluated: 0 };
    const found = this.findFeasible(cycle, run);
    const { feasible, nEvaluated } = found;
    if (feasible.length === 0)
      return { outcome: 'unschedulable', diagnosis: this.#diagnosis(run, found.failed), run, nEvaluated };
    if (feasible.length === 1) return { outcome: 'scheduled', node: feasible[0]!, nEvaluated, nFeasible: 1 };
    const { totals } = runScore(this.#profile, cycle, feasible);
    return {
      outcome: 'scheduled',
      node: feasible[this.#tieBreak(totals, totals.length)]!,
      nEvaluated,
      nFeasible: feasible.length,
    };
  }

  /** Walks on from where the last walk ended. @throws CycleError when a plugin's Filter fails */
  findFeasible(
    cycle: Cycle,
    run: FilterRun,
  ): { feasible: Int32Array; failed: Map<number, Status>; nEvaluated: number } {
    const failed = new Map<number, Status>();
    const nominated = this.#nominatedNode(cycle.pod, run);
    if (nominated !== -1) {
      if (filterWithNominated(run, this.#nominator, nominated) === undefined) {
        return { feasible: Int32Array.of(nominated), failed, nEvaluated: 1 };
      }
    }
    const walk = this.#walk(run);
    const nAll = this.#cluster.nodes.nNodes;
    const nWanted = nFeasibleNodesToFind(walk.length, this.#profile.percentageOfNodesToScore);
    const feasible: number[] = [];
    // The walk ends at the first feasible node beyond those wanted; that node itself counts as not looked at.
    for (let i = 0; i < walk.length; i++) {
      const node = walk[(this.nextStartNodeIndex + i) % walk.length]!;
      const status = filterWithNominated(run, this.#nominator, node);
      if (status === undefined) {
        if (feasible.length === nWanted) break;
        feasible.push(node);
      } else if (status.code === 'Error') throw new CycleError(status);
      else failed.set(node, status);
    }
    const nEvaluated = feasible.length + failed.size;
    if (nAll > 0) this.nextStartNodeIndex = (this.nextStartNodeIndex + nEvaluated) % nAll;
    return { feasible: Int32Array.from(feasible), failed, nEvaluated };
  }

  /** The row of the pod's nominated node if it exists and PreFilter has not left it out, else -1. */
  #nominatedNode(pod: PodInfo, run: FilterRun): number {
    if (!pod.nominatedNodeName) return -1;
    const { nodeNames } = run.outcome;
    if (nodeNames && !nodeNames.has(pod.nominatedNodeName)) return -1;
    return this.#cluster.nodes.find(pod.nominatedNodeName);
  }

  #walk(run: FilterRun): Int32Array {
    const walk = this.#cluster.order.walk();
    const { nodeNames } = run.outcome;
    if (!nodeNames) return walk;
    const { nodes } = this.#cluster;
    if (nodeNames.size === 1) {
      const row = nodes.find([...nodeNames][0]!);
      return row === -1 ? new Int32Array(0) : Int32Array.of(row);
    }
    return walk.filter((row) => nodeNames.has(nodes.names[row]!));
  }

  #diagnosis(run: FilterRun, failed: ReadonlyMap<number, Status>): Diagnosis {
    return {
      nNodes: this.#cluster.nodes.nNodes,
      nodeStatus: failed,
      absentStatus: run.outcome.absentStatus,
      preFilterMessage: '',
      postFilterMessage: '',
    };
  }

  #rejected(rejection: Status): Diagnosis {
    return {
      nNodes: this.#cluster.nodes.nNodes,
      nodeStatus: new Map(),
      absentStatus: rejection,
      preFilterMessage: rejection.reasons.join(', '),
      postFilterMessage: '',
    };
  }
}

/**
 * Filters a node twice where pods of at least the same priority are nominated to it: with them counted, and without;
 * both must pass.
 */
export function filterWithNominated(run: FilterRun, nominator: Nominator, node: number): Status | undefined {
  if (nominator.isEmpty) return run.filter(node);
  const { cluster, pod, cls } = run.cycle;
  const counted = nominator
    .on(cluster.nodes.names[node]!)
    .filter((other) => other.uid !== pod.uid && other.priority >= cls.priority);
  if (counted.length === 0) return run.filter(node);
  const before = cluster.checkpoint(node);
  for (const { row } of counted) tryBind(run, row, node);
  const status = run.filter(node);
  for (const { row } of counted) undoBind(run, row);
  cluster.restore(node, before);
  return status ?? run.filter(node);
}

/** Lets a pod count on a node for a trial; the plugins' states hear of it. */
export function tryBind(run: FilterRun, row: number, node: number): void {
  const { cluster } = run.cycle;
  cluster.bind(row, node);
  run.podMoved({ cls: cluster.classOf(row), terminating: cluster.pods.has(row, 1), node, sign: 1, row });
}

/** Takes a pod off its node for a trial. */
export function undoBind(run: FilterRun, row: number): void {
  const { cluster } = run.cycle;
  const node = cluster.pods.node[row]!;
  cluster.unbind(row);
  run.podMoved({ cls: cluster.classOf(row), terminating: cluster.pods.has(row, 1), node, sign: -1, row });
}
