import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstTop, heapPrecedes, heapTop, randomTop } from './tie-break.ts';

/** Go's container/heap Init with "less" = a higher score, as kube-scheduler builds it, over positions. */
function rootOfBuiltHeap(totals: readonly number[]): number {
  const heap = totals.map((_, i) => i);
  const less = (i: number, j: number) => totals[heap[i]!]! > totals[heap[j]!]!;
  for (let start = Math.floor(heap.length / 2) - 1; start >= 0; start--) {
    for (let i = start; 2 * i + 1 < heap.length; ) {
      let child = 2 * i + 1;
      if (child + 1 < heap.length && less(child + 1, child)) child++;
      if (!less(child, i)) break;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }
  return heap[0]!;
}

const someTotals = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 80 });

describe('the tie-break by heap', () => {
  it('takes the root of a heap that was really built', () => {
    fc.assert(
      fc.property(someTotals, (totals) => {
        expect(heapTop(Float64Array.from(totals), totals.length)).toBe(rootOfBuiltHeap(totals));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['the only one', [5], 0],
    ['the first of all alike', [5, 5, 5, 5], 0],
    ['a grandchild on the left before the right child', [1, 1, 5, 5], 3],
    ['the left child before the right one', [1, 5, 5], 1],
    ['whatever is higher, wherever it is', [1, 5, 5, 9], 3],
  ])('takes %s', (_, totals, position) => {
    expect(heapTop(Float64Array.from(totals), totals.length)).toBe(position);
  });

  it('looks at the first n totals only', () => {
    expect(heapTop(Float64Array.of(1, 2, 9), 2)).toBe(1);
  });

  it('puts positions in pre-order: a total order in which parents come first', () => {
    const position = fc.nat(5000);
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(heapPrecedes(a, b)).toBe(a !== b && !heapPrecedes(b, a));
        if (a > 0) expect(heapPrecedes(Math.floor((a - 1) / 2), a)).toBe(true);
      }),
    );
  });
});

describe('the other tie-breaks', () => {
  it('take the first of the best', () => {
    expect(firstTop(Float64Array.of(1, 3, 3, 2), 4)).toBe(1);
    expect(firstTop(Float64Array.of(1, 3, 9), 2)).toBe(1);
  });

  it('take each of the best equally often, and no other', () => {
    const totals = Float64Array.of(3, 1, 3, 2, 3);
    const counts = [0, 0, 0, 0, 0];
    // All outcomes of the draws int(2) and int(3), once each.
    for (let second = 0; second < 2; second++) {
      for (let third = 0; third < 3; third++) {
        counts[randomTop(totals, 5, (n) => (n === 2 ? second : third))]!++;
      }
    }
    expect(counts).toEqual([2, 0, 2, 0, 2]);
  });

  it('draw nothing where there is no tie', () => {
    const int = () => {
      throw new Error('drawn');
    };
    expect(randomTop(Float64Array.of(1, 2, 3), 3, int)).toBe(2);
  });
});
