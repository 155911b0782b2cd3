/**
 * How long a scheduling cycle takes in virtual time: by the nodes of the cluster, the nodes filtered and scored, and
 * what the pod asks for. A linear fit to kube-scheduler 1.37.2 with its default profile on two cores (recorded by the
 * project's benchmark of the real scheduler: 100 to 15,000 nodes, 1,000 to 10,000 pods), no figure off by more than
 * 15 %. Guesses, as nothing was recorded for them: how the time of a node divides into Filter and Score, that the work
 * on nodes scales with the cores, and what a node costs that preemption tries.
 */
import type { PodClass } from '../cluster/pod-class.ts';

/** What a scheduling cycle had to do. */
export interface CycleWork {
  readonly cls: PodClass;
  /** Nodes in the cluster. */
  readonly nNodes: number;
  /** Nodes that the filters looked at, and how many of them passed. */
  readonly nEvaluated: number;
  readonly nFeasible: number;
  /** Nodes on which preemption tried removals. */
  readonly nDryRuns: number;
}

/** Microseconds: per cycle, per node of the cluster, per node filtered, per node scored. */
interface Cost {
  readonly fixedUs: number;
  readonly perNodeUs: number;
  readonly perFilteredUs: number;
  readonly perScoredUs: number;
}

const BASE: Cost = { fixedUs: 260, perNodeUs: 0.026, perFilteredUs: 0.7, perScoredUs: 1 };
/** On top for a pod with affinity or anti-affinity to pods. */
const POD_AFFINITY: Cost = { fixedUs: 140, perNodeUs: 0.017, perFilteredUs: 0.2, perScoredUs: 0.28 };
/** On top for a pod with topology spread constraints of its own. */
const SPREAD: Cost = { fixedUs: 100, perNodeUs: 0.076, perFilteredUs: 0.03, perScoredUs: 0.02 };
/** Trying removals on a node filters it about once for all victims together and once for each that may stay. */
const N_FILTERS_PER_DRY_RUN = 3;
const N_CORES_MEASURED = 2;

export interface CostModelOptions {
  /** Cores that the scheduler has. */
  readonly nCores?: number;
  /** Workers among which the nodes are divided (`parallelism`). */
  readonly parallelism?: number;
  /** How many times as fast as the machine that was measured. */
  readonly speedRatio?: number;
}

/** The virtual time of scheduling cycles, in whole microseconds. */
export function cycleCost(options: CostModelOptions = {}): (work: CycleWork) => number {
  const { nCores = N_CORES_MEASURED, parallelism = 16, speedRatio = 1 } = options;
  const nWorkers = Math.min(nCores, parallelism) / N_CORES_MEASURED;
  return (work) => {
    const { podAffinity, podAntiAffinity } = work.cls.spec.affinity ?? {};
    let fixedUs = BASE.fixedUs;
    let nodesUs = timeOnNodesUs(BASE, work);
    if (podAffinity || podAntiAffinity) {
      fixedUs += POD_AFFINITY.fixedUs;
      nodesUs += timeOnNodesUs(POD_AFFINITY, work);
    }
    if (work.cls.spec.topologySpreadConstraints?.length) {
      fixedUs += SPREAD.fixedUs;
      nodesUs += timeOnNodesUs(SPREAD, work);
    }
    return Math.max(1, Math.round((fixedUs + nodesUs / nWorkers) / speedRatio));
  };
}

function timeOnNodesUs(cost: Cost, { nNodes, nEvaluated, nFeasible, nDryRuns }: CycleWork): number {
  // A single feasible node is taken without scoring.
  const nScored = nFeasible > 1 ? nFeasible : 0;
  return (
    cost.perNodeUs * nNodes +
    cost.perFilteredUs * (nEvaluated + N_FILTERS_PER_DRY_RUN * nDryRuns) +
    cost.perScoredUs * nScored
  );
}
