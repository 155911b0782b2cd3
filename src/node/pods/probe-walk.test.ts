import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Health, nextOutcome, type ProbeTiming, type Walk } from './probe-walk.ts';

const S = 1_000_000;
const DEFAULTS: ProbeTiming = {
  periodUs: 10 * S,
  initialDelayUs: 0,
  timeoutUs: S,
  successThreshold: 1,
  failureThreshold: 3,
};
const NEVER = Infinity;

interface Row {
  readonly name: string;
  readonly timing?: Partial<Record<keyof ProbeTiming, number>>;
  /** Seconds. */
  readonly passes: readonly [from: number, until: number];
  readonly walk?: Partial<Walk>;
  readonly published?: boolean;
  readonly expect: string;
}

const ROWS: Row[] = [
  {
    name: 'a container that serves at once is ready at the probe that follows its start',
    passes: [0, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S },
    expect: '3 passes',
  },
  {
    name: 'without that probe it is ready at the next tick',
    passes: [0, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S, isImmediate: false },
    expect: '10 passes',
  },
  {
    name: 'a container that takes 4 s to serve is ready at the tick after them',
    passes: [7, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S },
    expect: '10 passes',
  },
  {
    name: 'a tick at the very instant at which it begins to serve passes',
    passes: [10, NEVER],
    expect: '10 passes',
  },
  {
    name: 'an initial delay of 5 s skips the immediate probe',
    timing: { initialDelayUs: 5 * S },
    passes: [0, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S },
    expect: '10 passes',
  },
  {
    name: 'a tick at the end of the initial delay counts',
    timing: { initialDelayUs: 7 * S },
    passes: [0, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S },
    expect: '10 passes',
  },
  {
    name: 'an initial delay of 8 s skips that tick too',
    timing: { initialDelayUs: 8 * S },
    passes: [0, NEVER],
    walk: { startedUs: 3 * S, fromUs: 3 * S },
    expect: '20 passes',
  },
  {
    name: 'three successes in a row are waited for',
    timing: { successThreshold: 3, periodUs: 5 * S },
    passes: [0, NEVER],
    walk: { startedUs: 2 * S, fromUs: 2 * S },
    expect: '10 passes',
  },
  {
    name: 'three failures in a row make a live container dead, the last after its timeout',
    passes: [0, 25],
    published: true,
    expect: '51 fails',
  },
  {
    name: 'a refused probe fails at once: a slow starter is killed at its third tick',
    passes: [NEVER, NEVER],
    published: true,
    walk: { startedUs: 3 * S, fromUs: 3 * S, isImmediate: false },
    expect: '30 fails',
  },
  {
    name: 'a slow starter that serves before the third tick lives',
    passes: [29, NEVER],
    published: true,
    walk: { fromUs: 3 * S, isImmediate: false },
    expect: 'never',
  },
  {
    name: 'failureThreshold 30 and period 1 s give a start-up probe 30 s',
    timing: { failureThreshold: 30, periodUs: S },
    passes: [NEVER, NEVER],
    published: true,
    walk: { fromUs: S, isImmediate: false },
    expect: '30 fails',
  },
  { name: 'what never serves is never ready', passes: [NEVER, NEVER], expect: 'never' },
  {
    name: 'what served and hangs never becomes ready again',
    passes: [0, 5],
    walk: { fromUs: 6 * S, isImmediate: false },
    expect: 'never',
  },
  { name: 'what serves for ever stays ready', passes: [0, NEVER], published: true, expect: 'never' },
  {
    name: 'a timeout longer than the period makes probes follow each other without a pause',
    timing: { periodUs: 2 * S, timeoutUs: 5 * S },
    passes: [0, 7],
    published: true,
    expect: '23 fails',
  },
  {
    name: 'a far change costs no walk through all ticks',
    timing: { periodUs: 1 },
    passes: [1e9, NEVER],
    expect: '1000000000 passes',
  },
];

describe('a probe', () => {
  it.each(ROWS)('$name', ({ timing, passes, walk, published = false, expect: expected }) => {
    const health: Health = { fromUs: passes[0] * S, untilUs: passes[1] * S };
    const start: Walk = { startedUs: 0, gridUs: 0, fromUs: 0, isImmediate: true, ...walk };
    const outcome = nextOutcome({ ...DEFAULTS, ...timing }, health, start, published);
    expect(outcome ? `${outcome.atUs / S} ${outcome.passes ? 'passes' : 'fails'}` : 'never').toBe(expected);
  });

  it('agrees with a worker that takes every step', () => {
    const timing = fc.record({
      periodUs: fc.integer({ min: 1, max: 6 }),
      initialDelayUs: fc.integer({ min: 0, max: 8 }),
      timeoutUs: fc.integer({ min: 1, max: 8 }),
      successThreshold: fc.integer({ min: 1, max: 3 }),
      failureThreshold: fc.integer({ min: 1, max: 3 }),
    });
    const walk = fc.record({
      startedUs: fc.integer({ min: 0, max: 9 }),
      gridUs: fc.integer({ min: 0, max: 9 }),
      fromUs: fc.integer({ min: 0, max: 9 }),
      isImmediate: fc.boolean(),
    });
    const health = fc
      .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
      .map(([fromUs, lengthUs]) => ({ fromUs, untilUs: fromUs + lengthUs }));
    fc.assert(
      fc.property(timing, walk, health, fc.boolean(), (t, w, h, published) => {
        expect(nextOutcome(t, h, w, published)).toEqual(stepByStep(t, h, w, published));
      }),
      { numRuns: 2000 },
    );
  });
});

/** One microsecond after the other: a ticker that keeps one tick for a worker that is busy, and probes one at a time. */
function stepByStep(timing: ProbeTiming, health: Health, walk: Walk, published: boolean) {
  let nInRow = 0;
  let isTickKept = walk.isImmediate;
  let freeUs = walk.fromUs;
  let answerUs = -1;
  let answer = false;
  for (let nowUs = walk.fromUs; nowUs < 300; nowUs++) {
    if (answerUs === nowUs && answer !== published) {
      const threshold = published ? timing.failureThreshold : timing.successThreshold;
      if (++nInRow >= threshold) return { atUs: nowUs, passes: answer };
    } else if (answerUs === nowUs) {
      nInRow = 0;
    }
    if ((nowUs - walk.gridUs) % timing.periodUs === 0) isTickKept = true;
    if (!isTickKept || nowUs < freeUs) continue;
    isTickKept = false;
    if (nowUs < walk.startedUs + timing.initialDelayUs) continue;
    answer = nowUs >= health.fromUs && nowUs < health.untilUs;
    const takesUs = nowUs >= health.untilUs ? timing.timeoutUs : 0;
    if (takesUs > 0) {
      answerUs = nowUs + takesUs;
      freeUs = answerUs;
    } else if (answer === published) {
      nInRow = 0;
    } else if (++nInRow >= (published ? timing.failureThreshold : timing.successThreshold)) {
      return { atUs: nowUs, passes: answer };
    }
  }
  return undefined;
}
