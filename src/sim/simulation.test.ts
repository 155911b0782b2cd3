import { expect, test, vi } from 'vitest';
import { BugError } from '../base/assert.ts';
import { InputError } from '../base/errors.ts';
import { Simulation } from './simulation.ts';
import { TinyEventQueue } from './tiny-queue.ts';

const priorities = { early: 0, normal: 1, late: 2, tick: 2 };
const FOREVER = Number.POSITIVE_INFINITY;

function recorder(options: Partial<ConstructorParameters<typeof Simulation>[0]> = {}) {
  const sim = new Simulation({ priorities, ...options });
  const seen: string[] = [];
  const define = (name: keyof typeof priorities) =>
    sim.defineKind(name, (a) => seen.push(`${sim.nowUs}:${name}:${a}`));
  return { sim, seen, early: define('early'), normal: define('normal'), late: define('late') };
}

test('events come by time, then priority class, then the order in which they were scheduled', () => {
  const { sim, seen, early, normal, late } = recorder();
  sim.at(10, late, 1);
  sim.at(10, normal, 2);
  sim.at(5, late, 3);
  sim.at(10, normal, 4);
  sim.at(10, early, 5);
  expect(sim.advance(100, FOREVER)).toBe('done');
  expect(seen).toEqual(['5:late:3', '10:early:5', '10:normal:2', '10:normal:4', '10:late:1']);
  expect([sim.nEvents, sim.nPending, sim.idle, sim.nextTimeUs()]).toEqual([5, 0, true, FOREVER]);
});

test('immediate events obey priority classes too, against queue and lanes', () => {
  const { sim, seen, early, normal, late } = recorder();
  sim.defineLane(10);
  sim.after(10, late, 1);
  sim.at(10, normal, 2);
  const starter = sim.defineKind('tick', () => {
    sim.after(0, late, 3);
    sim.at(10, normal, 4);
    sim.after(0, early, 5);
  });
  sim.at(9, starter);
  sim.advance(1, FOREVER);
  sim.after(1, normal, 6);
  sim.advance(100, FOREVER);
  expect(seen).toEqual(['9:early:5', '9:late:3', '10:normal:2', '10:normal:4', '10:normal:6', '10:late:1']);
});

test('delays are rounded to whole microseconds', () => {
  const { sim, seen, normal } = recorder();
  sim.after(1.4, normal, 1);
  sim.after(1.6, normal, 2);
  sim.after(0.2, normal, 3);
  sim.advance(100, FOREVER);
  expect(seen).toEqual(['0:normal:3', '1:normal:1', '2:normal:2']);
});

test('advance stops at its time limit, inclusive, and leaves the clock there', () => {
  const { sim, seen, normal } = recorder();
  for (const time of [10, 20, 21]) sim.at(time, normal);
  expect(sim.advance(100, 20)).toBe('done');
  expect(seen).toHaveLength(2);
  expect([sim.nowUs, sim.nextTimeUs()]).toEqual([20, 21]);
  expect(sim.advance(0, 30)).toBe('more');
  expect(sim.advance(1, 30)).toBe('done');
  expect(sim.nowUs).toBe(30);
  expect(() => sim.at(29, normal)).toThrow(BugError);
});

test('background events run while others are pending, and do not keep an endless run alive', () => {
  const { sim, seen, normal } = recorder();
  const tick = sim.defineKind(
    'tick',
    () => {
      seen.push(`${sim.nowUs}:tick`);
      sim.after(10, tick);
    },
    { background: true },
  );
  sim.at(10, tick);
  sim.at(25, normal, 1);
  expect(sim.advance(1000, FOREVER)).toBe('done');
  expect(seen).toEqual(['10:tick', '20:tick', '25:normal:1']);
  expect([sim.idle, sim.nPending]).toEqual([true, 1]);
  expect(sim.advance(1000, 45)).toBe('done');
  expect(seen.slice(3)).toEqual(['30:tick', '40:tick']);
});

test('a reference arrives with its event and is not kept afterwards', () => {
  const sim = new Simulation({ priorities });
  const refs: unknown[] = [];
  const kind = sim.defineKind('normal', (_a, _b, ref) => refs.push(ref));
  sim.at(1, kind, 0, 0, 'x');
  sim.advance(1, FOREVER);
  sim.at(2, kind);
  sim.advance(1, FOREVER);
  expect(refs).toEqual(['x', undefined]);
});

test('a bug in a handler names the time, the event and the payload; input errors pass unchanged', () => {
  const sim = new Simulation({ priorities });
  const broken = sim.defineKind('normal', () => {
    throw new TypeError('no such row');
  });
  const picky = sim.defineKind('late', () => {
    throw new InputError('bad row');
  });
  sim.at(7, broken, 3, 4);
  sim.at(8, picky);
  expect(() => sim.advance(1, FOREVER)).toThrow(
    new BugError('at 7 us in event "normal" (3, 4): no such row', { cause: new TypeError('no such row') }),
  );
  expect(() => sim.advance(1, FOREVER)).toThrow(InputError);
});

test('misuse is a bug: unknown kinds, kinds defined twice, times in the past, fractions, or no number', () => {
  const { sim, normal } = recorder();
  expect(() => sim.defineKind('unheard', () => {})).toThrow(BugError);
  expect(() => sim.defineKind('toString', () => {})).toThrow(BugError);
  expect(() => sim.defineKind('normal', () => {})).toThrow(BugError);
  expect(() => new Simulation({ priorities: { x: 256 } })).toThrow(BugError);
  for (const time of [-1, 0.5, Number.NaN, FOREVER]) expect(() => sim.at(time, normal)).toThrow(BugError);
  for (const delay of [-1, Number.NaN, FOREVER]) expect(() => sim.after(delay, normal)).toThrow(BugError);
});

test('onEvent sees every event before it happens', () => {
  const onEvent = vi.fn();
  const { sim, normal } = recorder({ onEvent });
  sim.at(3, normal, 1, 2);
  sim.advance(10, FOREVER);
  expect(onEvent.mock.calls).toEqual([[3, 'normal', 1, 2]]);
});

/** A little world in which every event draws the next ones from a multiplicative generator. */
function chaos(sim: Simulation, lanes: boolean) {
  const delays = [0, 7, 100, 1000];
  if (lanes) for (const delay of delays) sim.defineLane(delay);
  let state = 1;
  const random = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const kinds = (['early', 'normal', 'late'] as const).map((name, id) =>
    sim.defineKind(name, (a) => {
      sim.trace.add(id, a);
      if (sim.nEvents > 20_000) return;
      for (let n = random(3); n > 0; n--) {
        if (random(2) === 0) sim.after(delays[random(4)]!, kinds[random(3)]!, random(1000));
        else sim.at(sim.nowUs + random(50), kinds[random(3)]!, random(1000));
      }
    }),
  );
  for (let i = 0; i < 100; i++) sim.at(random(50), kinds[i % 3]!, i);
}

test('slicing, lanes and the kind of queue change nothing', () => {
  const digests = [1, 17, 1e9].flatMap((slice) =>
    [true, false].flatMap((lanes) =>
      [undefined, new TinyEventQueue()].map((queue) => {
        const sim = new Simulation({ priorities, ...(queue && { queue }) });
        chaos(sim, lanes);
        while (sim.advance(slice, FOREVER) === 'more');
        return `${sim.trace.digest()} ${sim.nEvents}`;
      }),
    ),
  );
  expect(digests).toHaveLength(12);
  expect(new Set(digests).size).toBe(1);
  expect(Number(digests[0]!.split(' ')[1])).toBeGreaterThan(20_000);
});

test('slicing by time changes nothing either', () => {
  const [whole, sliced] = [1e12, 333].map((step) => {
    const sim = new Simulation({ priorities });
    chaos(sim, true);
    for (let until = step; !sim.idle; until += step) sim.advance(1e9, until);
    return sim.trace.digest();
  });
  expect(sliced).toBe(whole);
});

test('a handler that needs more input pauses the run at its own event, and the clock stays there', () => {
  const { sim, seen, late } = recorder();
  const asking = sim.defineKind('tick', () => sim.pause());
  sim.at(5, asking);
  sim.at(7, late, 1);
  expect(sim.advance(100, 20)).toBe('more');
  expect([sim.nowUs, seen]).toEqual([5, []]);
  expect(sim.advance(100, 20)).toBe('done');
  expect(seen).toEqual(['7:late:1']);
});
