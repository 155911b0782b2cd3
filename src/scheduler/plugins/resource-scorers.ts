/**
 * The three strategies by which NodeResourcesFit scores how full a node would be. All divisions are of whole numbers
 * and truncate, except the mean of RequestedToCapacityRatio, which is rounded.
 */
import { MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { NodeResourcesFitArgs } from './node-resources-fit.schema.ts';

/** Scores one resource; the mean over resources by weight is the node's score. */
export interface ResourceScorer {
  /** 0..100. `requested` with the pod, `allocatable` > 0 */
  scoreOf(requested: number, allocatable: number): number;
  /** Resources that score 0 are left out of the mean, which is rounded instead of cut. */
  readonly leavesOutZeros: boolean;
}

type Strategy = NodeResourcesFitArgs['scoringStrategy'];

export function resourceScorer(strategy: Strategy): ResourceScorer {
  if (strategy.type === 'MostAllocated') return { scoreOf: mostAllocated, leavesOutZeros: false };
  if (strategy.type === 'LeastAllocated') return { scoreOf: leastAllocated, leavesOutZeros: false };
  return ratioScorer(strategy.requestedToCapacityRatio!.shape);
}

/** `allocatable` > 0 */
export function leastAllocated(requested: number, allocatable: number, maxScore = MAX_NODE_SCORE): number {
  if (requested > allocatable) return 0;
  return Math.trunc(((allocatable - requested) * maxScore) / allocatable);
}

function mostAllocated(requested: number, allocatable: number): number {
  return Math.trunc((Math.min(requested, allocatable) * MAX_NODE_SCORE) / allocatable);
}

type Shape = readonly { readonly utilization: number; readonly score: number }[];

/** Points of the shape have scores of 0..10. */
function ratioScorer(shape: Shape): ResourceScorer {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  return {
    scoreOf(requested, allocatable) {
      const isOver = requested > allocatable;
      return brokenLine(points, isOver ? 100 : Math.trunc((requested * 100) / allocatable));
    },
    leavesOutZeros: true,
  };
}

/** Between two points the line is cut to whole numbers toward zero, on falling segments too. */
export function brokenLine(points: Shape, x: number): number {
  for (let i = 0; i < points.length; i++) {
    const { utilization: x1, score: y1 } = points[i]!;
    if (x > x1) continue;
    if (i === 0) return y1;
    const { utilization: x0, score: y0 } = points[i - 1]!;
    return y0 + Math.trunc(((y1 - y0) * (x - x0)) / (x1 - x0));
  }
  return points.at(-1)!.score;
}
