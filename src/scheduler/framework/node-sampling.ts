/**
 * How many feasible nodes the scheduler looks for before it stops and scores.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go numFeasibleNodesToFind.
 */

const MIN_FEASIBLE_NODES = 100;
const MIN_PERCENTAGE = 5;

/** @param percentageOfNodesToScore 0 = adaptive: 50 % less one point for each 125 nodes, at least 5 %. */
export function nFeasibleNodesToFind(nNodes: number, percentageOfNodesToScore: number): number {
  if (nNodes < MIN_FEASIBLE_NODES) return nNodes;
  const percentage = percentageOfNodesToScore || Math.max(MIN_PERCENTAGE, 50 - Math.trunc(nNodes / 125));
  return Math.max(MIN_FEASIBLE_NODES, Math.trunc((nNodes * Math.min(percentage, 100)) / 100));
}
