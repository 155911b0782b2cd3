/**
 * The normalization most plugins share. Source: kubernetes v1.37.2
 * pkg/scheduler/framework/plugins/helper/normalize_score.go DefaultNormalizeScore.
 */
import { MAX_NODE_SCORE } from './plugin.ts';

/** Scales in place to 0..maxScore by the highest score, in whole numbers; `reversed` makes few good. */
export function normalizeByMax(scores: Float64Array, reversed: boolean, maxScore = MAX_NODE_SCORE): void {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  for (let i = 0; i < scores.length; i++) scores[i] = scaledByMax(scores[i]!, max, reversed, maxScore);
}

/** One score against the highest one. */
export function scaledByMax(
  score: number,
  max: number,
  reversed: boolean,
  maxScore = MAX_NODE_SCORE,
): number {
  if (max === 0) return reversed ? maxScore : score;
  const scaled = Math.trunc((maxScore * score) / max);
  return reversed ? maxScore - scaled : scaled;
}
