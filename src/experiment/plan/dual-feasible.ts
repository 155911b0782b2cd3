// Dual feasible functions (Fekete and Schepers, "New classes of fast lower bounds for bin packing problems", 2001):
// whenever sizes fit one bin of size 1, so do their rounded sizes. They turn "more than half a node" into a whole one.

/** Functions u(2) .. u(MAX_PARTS) are used: halves to fifths catch most of what rounding loses. */
export const MAX_PARTS = 5;

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
