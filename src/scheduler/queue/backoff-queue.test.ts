import { describe, expect, it } from 'vitest';
import { BackoffQueue } from './backoff-queue.ts';
import { QueueTable } from './queue-table.ts';

const SECOND_US = 1_000_000;

/** `offsetUs`: how far the calendar's seconds are from those of virtual time. */
function setUp({ initialUs = SECOND_US, maxUs = 10 * SECOND_US, offsetUs = 0 } = {}) {
  const table = new QueueTable();
  const floorSecondUs = (atUs: number) => Math.floor((atUs + offsetUs) / SECOND_US) * SECOND_US - offsetUs;
  const queue = new BackoffQueue(table, { initialUs, maxUs, floorSecondUs });
  let nRows = 0;
  const fail = (atUs: number, { nRejections = 0, nErrors = 0, priority = 0 } = {}) => {
    const row = nRows++;
    table.enter(row, 0, 0, priority, atUs);
    table.nUnschedulable[row] = nRejections;
    table.nErrors[row] = nErrors;
    table.rejectors[row] = nErrors > 0 ? 0 : 1;
    return row;
  };
  return { table, queue, fail };
}

describe('back-off', () => {
  it.each([
    ['1 s after the first rejection', 1, 1],
    ['2 s after the second', 2, 2],
    ['4 s after the third', 3, 4],
    ['8 s after the fourth', 4, 8],
    ['never more than 10 s', 5, 10],
    ['never more than 10 s, however often', 40, 10],
  ])('is %s', (_, nRejections, seconds) => {
    const { queue, fail } = setUp();
    expect(queue.expiryUs(fail(0, { nRejections }))).toBe(seconds * SECOND_US);
  });

  it.each([
    ['counts errors instead of rejections after an error', { nRejections: 4, nErrors: 1 }, 1],
    ['grows with consecutive errors', { nErrors: 3 }, 4],
  ])('%s', (_, counts, seconds) => {
    const { queue, fail } = setUp();
    expect(queue.expiryUs(fail(0, counts))).toBe(seconds * SECOND_US);
  });

  it('ends on the whole second before its time', () => {
    const { queue, fail } = setUp();
    expect(queue.expiryUs(fail(10_300_000, { nRejections: 1 }))).toBe(11 * SECOND_US);
  });

  it('ends on the seconds of the calendar, not on those of virtual time', () => {
    const { queue, fail } = setUp({ offsetUs: 250_000 });
    expect(queue.expiryUs(fail(10_300_000, { nRejections: 1 }))).toBe(10_750_000);
  });

  it('takes the configured first and longest back-off', () => {
    const { queue, fail } = setUp({ initialUs: 3 * SECOND_US, maxUs: 5 * SECOND_US });
    expect([1, 2].map((nRejections) => queue.expiryUs(fail(0, { nRejections })))).toEqual([
      3 * SECOND_US,
      5 * SECOND_US,
    ]);
  });

  it('is none for a pod that was never tried, or when it is switched off', () => {
    const { queue, fail } = setUp();
    expect(queue.isBackingOff(fail(5), 5)).toBe(false);
    const off = setUp({ maxUs: 0 });
    expect(off.queue.isBackingOff(off.fail(5, { nRejections: 3 }), 5)).toBe(false);
  });

  it('lasts through the second in which it ends', () => {
    const { queue, fail } = setUp();
    const row = fail(10_300_000, { nRejections: 1 });
    expect(queue.isBackingOff(row, 11_999_999)).toBe(true);
    expect(queue.isBackingOff(row, 12_000_000)).toBe(false);
  });
});

describe('BackoffQueue', () => {
  it('gives up completed pods only, rejected ones first', () => {
    const { queue, fail } = setUp();
    const failed = fail(0, { nErrors: 1 });
    const rejected = fail(200_000, { nRejections: 1 });
    const later = fail(0, { nRejections: 3 });
    for (const row of [failed, rejected, later]) queue.push(row);
    expect(queue.popCompleted(1_999_999)).toBe(-1);
    expect([
      queue.popCompleted(2_000_000),
      queue.popCompleted(2_000_000),
      queue.popCompleted(2_000_000),
    ]).toEqual([rejected, failed, -1]);
    expect(queue.size).toBe(1);
  });

  it('orders pods that end in one second as activeQ does', () => {
    const { queue, fail } = setUp();
    const early = fail(0, { nRejections: 1 });
    const important = fail(900_000, { nRejections: 1, priority: 5 });
    queue.push(early);
    queue.push(important);
    expect([queue.popRejected(), queue.popRejected()]).toEqual([important, early]);
  });

  it('never gives up a pod with an error before its time', () => {
    const { queue, fail } = setUp();
    queue.push(fail(0, { nErrors: 1 }));
    expect(queue.popRejected()).toBe(-1);
    expect(queue.nFailed).toBe(1);
  });

  it('knows whether an error still waits longer each time', () => {
    const { queue, fail } = setUp();
    queue.push(fail(0, { nErrors: 5 }));
    expect(queue.hasFreshErrors).toBe(false);
    queue.push(fail(0, { nErrors: 4 }));
    expect(queue.hasFreshErrors).toBe(true);
  });

  it('lets any pod be taken out', () => {
    const { queue, fail } = setUp();
    const rows = [1, 2, 3].map((nRejections) => fail(0, { nRejections }));
    const failed = fail(0, { nErrors: 1 });
    for (const row of [...rows, failed]) queue.push(row);
    queue.remove(rows[0]!);
    queue.remove(failed);
    expect([queue.popRejected(), queue.popRejected(), queue.popRejected()]).toEqual([rows[1], rows[2], -1]);
  });
});
