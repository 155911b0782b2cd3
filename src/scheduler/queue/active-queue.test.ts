import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActiveQueue } from './active-queue.ts';
import { Place, QueueTable } from './queue-table.ts';

/** What a queue is told to do: a pod comes, the first is taken, one is taken out. */
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ priority: fc.integer({ min: 0, max: 2 }), lateUs: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.constant('pop' as const) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(20) }) },
);

describe('ActiveQueue', () => {
  it('gives pods by priority, time stamp and arrival, whatever comes between', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const table = new QueueTable();
        const queue = new ActiveQueue(table);
        let waiting: { row: number; priority: number; timestampUs: number }[] = [];
        let nRows = 0;
        let nowUs = 0;
        for (const step of commands) {
          if (step === 'pop') {
            const first = waiting.toSorted(
              (a, b) => b.priority - a.priority || a.timestampUs - b.timestampUs || a.row - b.row,
            )[0];
            expect(queue.pop()).toBe(first?.row ?? -1);
            waiting = waiting.filter((pod) => pod !== first);
          } else if ('remove' in step) {
            const pod = waiting[step.remove % Math.max(1, waiting.length)];
            if (!pod) continue;
            queue.remove(pod.row);
            waiting = waiting.filter((other) => other !== pod);
          } else {
            nowUs++;
            const row = nRows++;
            const timestampUs = nowUs - step.lateUs;
            table.enter(row, 0, 0, step.priority, timestampUs);
            queue.push(row);
            expect(table.placeOf(row)).toBe(Place.Active);
            waiting.push({ row, priority: step.priority, timestampUs });
          }
          expect(queue.size).toBe(waiting.length);
        }
      }),
    );
  });
});
