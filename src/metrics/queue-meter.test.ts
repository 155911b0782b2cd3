import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QueueMeter, together } from './queue-meter.ts';
import { WaitLine } from './wait-line.ts';

describe('a queue meter', () => {
  test('weighs lengths by the time that they lasted', () => {
    const meter = new QueueMeter();
    meter.enter(0);
    meter.enter(20);
    meter.leave(30, 0);
    meter.leave(40, 20);
    // 1 for 20 us, 2 for 10 us, 1 for 10 us, none for 10 us.
    expect(meter.load(50)).toEqual({
      nAdds: 2,
      nRetries: 0,
      depthMean: 50 / 50,
      depthMax: 2,
      waitUsMean: 25,
      waitUsMax: 30,
    });
  });

  test('tells of what still waits at the end', () => {
    const meter = new QueueMeter();
    meter.enter(10);
    const { waitUsMean, waitUsMax, depthMean } = meter.load(110, 10);
    expect([waitUsMean, waitUsMax, depthMean]).toEqual([null, 100, 100 / 110]);
  });
});

/** Arrivals in order of time, and how long each is served by the one server. */
const arrivals = fc
  .array(fc.record({ atUs: fc.nat(1000), serviceUs: fc.nat(60) }), { maxLength: 50 })
  .map((list) => list.sort((a, b) => a.atUs - b.atUs));

test('two queues together wait as long as all their members do', () => {
  const long = new WaitLine();
  const short = new WaitLine();
  for (const line of [long, short, short]) line.admit(0, line === long ? 90 : 30);
  expect(together(long.load(100), short.load(100))).toEqual({
    nAdds: 3,
    nRetries: null,
    depthMean: 1.5,
    depthMax: 2,
    waitUsMean: 50,
    waitUsMax: 90,
  });
});

describe('a line', () => {
  test('counts as if it were looked at in every microsecond', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(2000), (list, moreUs) => {
        const line = new WaitLine();
        const waits: { atUs: number; turnUs: number }[] = [];
        let freeUs = 0;
        for (const { atUs, serviceUs } of list) {
          const turnUs = Math.max(atUs, freeUs);
          freeUs = turnUs + serviceUs;
          waits.push({ atUs, turnUs });
          line.admit(atUs, turnUs);
        }
        const endUs = 1000 + moreUs;
        let area = 0;
        let most = 0;
        for (let us = 0; us < endUs; us++) {
          const n = waits.filter(({ atUs, turnUs }) => atUs <= us && us < turnUs).length;
          area += n;
          most = Math.max(most, n);
        }
        const load = line.load(endUs);
        expect(load.depthMean).toBeCloseTo(area / endUs, 9);
        expect(load.depthMax).toBe(most);
        expect(load.nAdds).toBe(list.length);
        expect(load.waitUsMax).toBe(
          Math.max(0, ...waits.map(({ atUs, turnUs }) => Math.min(turnUs, endUs) - atUs)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('forgets whoever gives up', () => {
    const line = new WaitLine();
    line.admit(0, 100);
    line.clear(40);
    expect(line.load(80)).toMatchObject({ nAdds: 1, depthMean: 0.5, depthMax: 1, waitUsMax: 0 });
  });
});
