// Dual feasible functions (Fekete and Schepers, "New classes of fast lower bounds for bin packing problems", 2001):
// whenever sizes fit one bin of size 1, so do their rounded sizes. They turn "more than half a node" into a whole one.

/** Functions u(2) to u(5) are used of every resource: halves to fifths catch most of what rounding loses. */
export const COARSE_PARTS = [2, 3, 4, 5];

/** Up to here {@link bestParts} looks: bins of 2,000 are then filled in steps of 10. */
const MAX_FINE_PARTS = 250;

/** Guards against sizes such as 0.1 + 0.2: a hair above a multiple of 1 / parts counts as the multiple. */
const HAIR = 1e-9;

/**
 * u(parts - 1) of the paper: sizes that are multiples of 1 / parts stay, others are rounded down to a multiple of
 * 1 / parts and stretched by parts / (parts - 1).
 */
export function part(size: number, parts: number): number {
  const scaled = size * parts;
  const whole = Math.round(scaled);
  if (Math.abs(scaled - whole) < HAIR) return whole / parts;
  return Math.floor(scaled) / (parts - 1);
}

/**
 * The finer function that adds most to the sum of all sizes: where sizes have steps of their own (100m, 200m), what a
 * bin has beyond its last step is of no use. Undefined when none adds to it.
 * @param counts how many there are of each size
 */
export function bestParts(sizes: readonly number[], counts: readonly number[]): number | undefined {
  const sumOf = (rounded: (size: number) => number) =>
    sizes.reduce((sum, size, i) => sum + counts[i]! * rounded(size), 0);
  let best: number | undefined;
  let most = sumOf((size) => size) * (1 + HAIR);
  for (let parts = COARSE_PARTS.at(-1)! + 1; parts <= MAX_FINE_PARTS; parts++) {
    const sum = sumOf((size) => part(size, parts));
    if (sum <= most) continue;
    most = sum;
    best = parts;
  }
  return best;
}
