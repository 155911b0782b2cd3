/**
 * Which of several nodes with the highest total is taken. Since 1.37 it is the root that a binary heap over the
 * feasible nodes has right after it was built: of equal scores a parent keeps its place, and the left child is asked
 * before the right. Earlier releases chose uniformly at random.
 * Source: kubernetes v1.37.2 pkg/scheduler/schedule_one.go (nodeScoreHeap), Go container/heap Init.
 */

/**
 * Whether position `a` comes before `b` in pre-order of the implicit binary heap (children of i: 2i+1, 2i+2).
 * The root of a built heap is the first maximum in this order.
 */
export function heapPrecedes(a: number, b: number): boolean {
  let x = a + 1;
  let y = b + 1;
  const shift = Math.clz32(x) - Math.clz32(y);
  // Bring both to the same depth; an ancestor precedes its descendants.
  if (shift > 0) y >>>= shift;
  else x >>>= -shift;
  return x === y ? a < b : x < y;
}

/** The position of the highest total that the heap puts first. `n` >= 1. */
export function heapTop(totals: Float64Array, n: number): number {
  let best = 0;
  for (let i = 1; i < n; i++) {
    if (totals[i]! > totals[best]! || (totals[i] === totals[best] && heapPrecedes(i, best))) best = i;
  }
  return best;
}

/** The first position of the highest total. */
export function firstTop(totals: Float64Array, n: number): number {
  let best = 0;
  for (let i = 1; i < n; i++) if (totals[i]! > totals[best]!) best = i;
  return best;
}

/** Uniform among the highest totals, by reservoir sampling. `int(k)` gives an integer in [0, k). */
export function randomTop(totals: Float64Array, n: number, int: (k: number) => number): number {
  let best = 0;
  let nTied = 1;
  for (let i = 1; i < n; i++) {
    if (totals[i]! > totals[best]!) {
      best = i;
      nTied = 1;
    } else if (totals[i] === totals[best] && int(++nTied) === 0) best = i;
  }
  return best;
}
