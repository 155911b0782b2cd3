import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResourceUse } from './resource-use.ts';

interface Change {
  readonly row: number;
  readonly resource: number;
  readonly waitUs: number;
  readonly what: 'allocate' | 'request';
  readonly amount: number;
}

const change = fc.record<Change>({
  row: fc.nat(2),
  resource: fc.nat(1),
  waitUs: fc.nat(5),
  what: fc.constantFrom('allocate', 'request'),
  amount: fc.integer({ min: -3, max: 6 }),
});

/** Takes away no more than is there. */
function legal(changes: readonly Change[]): Change[] {
  const amounts = new Map<string, number>();
  return changes.map((one) => {
    const key = `${one.what} ${one.row} ${one.resource}`;
    const before = amounts.get(key) ?? 0;
    const amount = Math.max(one.amount, -before);
    amounts.set(key, before + amount);
    return { ...one, amount };
  });
}

/** Walks every microsecond. */
function bruteForce(changes: readonly Change[], row: number, resource: number, endUs: number) {
  const now = { allocate: 0, request: 0 };
  let [allocatableSum, requestedSum, requestedMax, ratioMax, atUs, next] = [0, 0, 0, 0, 0, 0];
  let dueUs = changes[0]?.waitUs ?? Number.POSITIVE_INFINITY;
  for (; atUs < endUs; atUs++) {
    for (; next < changes.length && dueUs === atUs; dueUs += changes[++next]?.waitUs ?? 0) {
      if (changes[next]!.row !== row || changes[next]!.resource !== resource) continue;
      now[changes[next]!.what] += changes[next]!.amount;
      requestedMax = Math.max(requestedMax, now.request);
      const ratio = now.request / now.allocate;
      if (Number.isFinite(ratio)) ratioMax = Math.max(ratioMax, ratio);
    }
    allocatableSum += now.allocate;
    requestedSum += now.request;
  }
  return { ...now, requestedMax, ratioMax, meanRatio: requestedSum / allocatableSum };
}

describe('ResourceUse', () => {
  it('weighs by time as walking every microsecond does', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 30 }).map(legal),
        fc.integer({ min: 1, max: 10 }),
        (changes, restUs) => {
          const use = new ResourceUse(2);
          for (const row of [0, 1, 2]) use.addRow(row, 0);
          let nowUs = 0;
          for (const { row, resource, waitUs, what, amount } of changes) {
            use[what](row, resource, amount, (nowUs += waitUs));
          }
          const endUs = nowUs + restUs;
          for (const [row, resource] of [0, 1, 2].flatMap((row) => [[row, 0] as const, [row, 1] as const])) {
            const expected = bruteForce(changes, row, resource, endUs);
            expect(use.allocatable(row, resource)).toBe(expected.allocate);
            expect(use.requested(row, resource)).toBe(expected.request);
            expect(use.requestedMax(row, resource)).toBe(expected.requestedMax);
            expect(use.ratioMax(row, resource)).toBeCloseTo(expected.ratioMax, 12);
            expect(use.meanRatio(row, resource, endUs)).toEqual(expected.meanRatio);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('has room for as many rows and resources as come', () => {
    const use = new ResourceUse(1);
    for (let row = 0; row < 1000; row++) {
      use.addRow(row, 0);
      use.allocate(row, 0, row + 1, 0);
      use.request(row, 0, (row + 1) / 2, 0);
    }
    use.addResources(3);
    for (let row = 0; row < 1000; row++) {
      use.allocate(row, 2, row + 1, 0);
      use.request(row, 2, (row + 1) / 2, 10);
    }
    use.addRow(5000, 10);
    for (const row of [0, 499, 999]) {
      expect([0, 1, 2].map((resource) => use.meanRatio(row, resource, 20))).toEqual([0.5, Number.NaN, 0.25]);
    }
    expect(use.nResources).toBe(3);
  });

  it('knows no mean of what was never there', () => {
    const use = new ResourceUse(1);
    use.addRow(0, 0);
    expect(use.meanRatio(0, 0, 100)).toBeNaN();
  });

  it('tells of a moment what it is then', () => {
    const use = new ResourceUse(1);
    use.addRow(0, 5);
    use.allocate(0, 0, 8, 5);
    use.request(0, 0, 2, 5);
    expect(use.meanRatio(0, 0, 5)).toBe(0.25);
    use.request(0, 0, 2, 5);
    expect(use.meanRatio(0, 0, 5)).toBe(0.5);
  });
});
