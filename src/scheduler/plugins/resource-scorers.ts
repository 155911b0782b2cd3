/**
 * The three strategies by which NodeResourcesFit scores how full a node would be. All divisions are of whole numbers
 * and truncate, except the mean of RequestedToCapacityRatio, which is rounded.
 */
import { MAX_NODE_SCORE } from '../framework/plugin.ts';
import type { NodeResourcesFitArgs } from './node-resources-fit.schema.ts';

/** Takes one resource after the other and gives the node's score; holds no more than running sums. */
export interface ResourceScorer {
  begin(): void;
  /** `requested` with the pod, `allocatable` > 0 */
  add(requested: number, allocatable: number, weight: number): void;
  /** 0..100; 0 if nothing counted */
  end(): number;
}

type Strategy = NodeResourcesFitArgs['scoringStrategy'];

export function resourceScorer(strategy: Strategy): ResourceScorer {
  if (strategy.type === 'MostAllocated') return meanScorer(mostAllocated);
  if (strategy.type === 'LeastAllocated') return meanScorer(leastAllocated);
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

function meanScorer(scoreOf: (requested: number, allocatable: number) => number): ResourceScorer {
  let sum = 0;
  let weights = 0;
  return {
    begin() {
      sum = 0;
      weights = 0;
    },
    add(requested, allocatable, weight) {
      sum += scoreOf(requested, allocatable) * weight;
      weights += weight;
    },
    end: () => (weights === 0 ? 0 : Math.trunc(sum / weights)),
  };
}

type Shape = readonly { readonly utilization: number; readonly score: number }[];

/** Points of the shape have scores of 0..10; resources whose score is 0 drop out of the mean. */
function ratioScorer(shape: Shape): ResourceScorer {
  const points = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }));
  let sum = 0;
  let weights = 0;
  return {
    begin() {
      sum = 0;
      weights = 0;
    },
    add(requested, allocatable, weight) {
      const isOver = requested > allocatable;
      const utilization = isOver ? 100 : Math.trunc((requested * 100) / allocatable);
      const score = brokenLine(points, utilization);
      if (score <= 0) return;
      sum += score * weight;
      weights += weight;
    },
    end: () => (weights === 0 ? 0 : Math.round(sum / weights)),
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
