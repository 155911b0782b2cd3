import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BugError } from '../base/assert.ts';
import { type EventQueue, PRIORITY_STEP } from './event-queue.ts';
import { HeapQueue } from './heap-queue.ts';
import { Lanes } from './lanes.ts';
import { TinyEventQueue } from './tiny-queue.ts';

interface Entry {
  timeUs: number;
  order: number;
  item: number;
}

/** The slow reference: a list, sorted afresh for every look. */
class SortedList {
  readonly entries: Entry[] = [];

  first(): Entry | undefined {
    this.entries.sort((x, y) => x.timeUs - y.timeUs || x.order - y.order);
    return this.entries[0];
  }
}

function expectSameTop(queue: Pick<EventQueue, 'topTimeUs' | 'topOrder'>, reference: SortedList): void {
  const first = reference.first();
  expect(queue.topTimeUs).toBe(first?.timeUs ?? Number.POSITIVE_INFINITY);
  expect(queue.topOrder).toBe(first?.order ?? Number.POSITIVE_INFINITY);
}

/** Few distinct times and classes, so that ties are common; -1 pops. */
const push = fc.record({
  timeUs: fc.oneof(fc.nat(5), fc.nat(1e15)),
  priority: fc.oneof(fc.nat(2), fc.constant(255)),
});
const commands = fc.array(
  fc.oneof({ weight: 3, arbitrary: push }, { weight: 2, arbitrary: fc.constant(null) }),
  {
    maxLength: 300,
    size: 'max',
  },
);

describe.each<[string, () => EventQueue]>([
  ['HeapQueue', () => new HeapQueue()],
  ['HeapQueue of capacity 1', () => new HeapQueue(1)],
  ['TinyEventQueue', () => new TinyEventQueue()],
])('%s', (_name, create) => {
  test('keeps the total order of time, priority class and sequence', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const queue = create();
        const reference = new SortedList();
        const free: number[] = [];
        let sequence = 0;
        for (const command of list) {
          if (command) {
            const item = free.pop() ?? reference.entries.length;
            const order = command.priority * PRIORITY_STEP + sequence++;
            queue.push(command.timeUs, order, item);
            reference.entries.push({ timeUs: command.timeUs, order, item });
          } else if (reference.entries.length > 0) {
            const { item } = reference.first()!;
            reference.entries.shift();
            expect(queue.pop()).toBe(item);
            free.push(item);
          }
          expect(queue.size).toBe(reference.entries.length);
          expectSameTop(queue, reference);
        }
      }),
    );
  });

  test('drains in order after growing to 10,000 items', () => {
    const queue = create();
    const n = 10_000;
    for (let i = 0; i < n; i++) queue.push((i * 7919) % 1009, i, i);
    let last = -1;
    for (let i = 0; i < n; i++) {
      const key = queue.topTimeUs * n + queue.topOrder;
      expect(key).toBeGreaterThan(last);
      last = key;
      expect(queue.topOrder).toBe(queue.pop());
    }
    expect(queue.size).toBe(0);
  });

  test('popping an empty queue is a bug', () => {
    expect(() => create().pop()).toThrow(BugError);
  });
});

test('lanes keep the total order among their heads', () => {
  const step = fc.record({
    passUs: fc.oneof(fc.constant(0), fc.nat(20)),
    lane: fc.nat(3),
    pop: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (list) => {
      const delays = [0, 5, 5, 1000];
      const lanes = new Lanes();
      for (const _ of delays) lanes.define();
      const reference = new SortedList();
      let nowUs = 0;
      let sequence = 0;
      for (const { passUs, lane, pop } of list) {
        nowUs += passUs;
        const timeUs = nowUs + delays[lane]!;
        // Lane 2 has the delay of lane 1 but a later class, as the kernel's lanes do.
        const order = (lane === 2 ? PRIORITY_STEP : 0) + sequence;
        lanes.push(lane, timeUs, order, sequence);
        reference.entries.push({ timeUs, order, item: sequence++ });
        expectSameTop(lanes, reference);
        if (pop) expect(lanes.pop()).toBe(reference.entries.shift()!.item);
        expectSameTop(lanes, reference);
      }
      while (reference.first()) expect(lanes.pop()).toBe(reference.entries.shift()!.item);
      expect(() => lanes.pop()).toThrow(BugError);
    }),
  );
});
