// Warm-up deletion by MSER-5 (White, Cobb, Spratt: "A comparison of five steady-state truncation heuristics", 2000):
// average the series in batches of five, then cut where the squared standard error of what remains is least.

const BATCH = 5;

export interface WarmUp {
  /** Observations to delete from the start: a multiple of five. */
  readonly nDeleted: number;
  /** The least was found beyond the middle of the series: the run is too short to say, and nothing is deleted. */
  readonly tooShort: boolean;
}

/** The warm-up of one series of equally spaced observations. Observations after the last whole batch are ignored. */
export function mser5(values: readonly number[]): WarmUp {
  const batches: number[] = [];
  for (let i = 0; i + BATCH <= values.length; i += BATCH) {
    let sum = 0;
    for (let j = i; j < i + BATCH; j++) sum += values[j]!;
    batches.push(sum / BATCH);
  }
  if (batches.length < 2) return { nDeleted: 0, tooShort: true };
  const best = leastErrorStart(batches);
  // Published rule: a cut beyond the middle rests on too few batches to be trusted.
  if (best > batches.length / 2) return { nDeleted: 0, tooShort: true };
  return { nDeleted: best * BATCH, tooShort: false };
}

/** The start d with the least sum of squares about the mean of batches d.. divided by (n - d)^2; the earliest wins a tie. */
function leastErrorStart(batches: readonly number[]): number {
  // Running mean and sum of squares from the end (Welford), so that large offsets do not cancel.
  let mean = 0;
  let squares = 0;
  let best = 0;
  let bestError = Infinity;
  for (let d = batches.length - 1; d >= 0; d--) {
    const n = batches.length - d;
    const delta = batches[d]! - mean;
    mean += delta / n;
    squares += delta * (batches[d]! - mean);
    // A single batch has no spread to judge by.
    if (n < 2) continue;
    const error = squares / (n * n);
    if (error <= bestError) {
      bestError = error;
      best = d;
    }
  }
  return best;
}
