import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecentRows } from './recent-rows.ts';

test('rows that changed after a change are met once each, the newest first', () => {
  const touches = fc.array(fc.nat(40), { maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(touches, fc.nat(120), (rows, since) => {
      const recent = new RecentRows();
      for (const row of rows) recent.touch(row);
      const met: number[] = [];
      for (let row = recent.newest; recent.isAfter(row, since); row = recent.before(row)) met.push(row);
      expect(met).toEqual([...new Set(rows.slice(since).reverse())]);
    }),
    { numRuns: 300, seed: 2 },
  );
});
