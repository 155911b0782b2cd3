/**
 * The normalization most plugins share. Source: kubernetes v1.37.2
 * pkg/scheduler/framework/plugins/helper/normalize_score.go DefaultNormalizeScore.
 */
import { MAX_NODE_SCORE } from './plugin.ts';

/** Scales in place to 0..100 by the highest score, in whole numbers; `reversed` makes few good. */
export function normalizeByMax(scores: Float64Array, reversed: boolean): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  for (let i = 0; i < scores.length; i++) scores[i] = scaledByMax(scores[i]!, max, reversed);
}

/** One score against the highest one. */
export function scaledByMax(score: number, max: number, reversed: boolean): number {
  if (max === 0) return reversed ? MAX_NODE_SCORE : score;
  const scaled = Math.trunc((MAX_NODE_SCORE * score) / max);
  return reversed ? MAX_NODE_SCORE - scaled : scaled;
}
