import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import { Simulation } from '../sim/simulation.ts';
import { type WorkQueue, WorkQueues } from './work-queue.ts';

function setUp(
  nWorkers = 1,
  options: { backoffBaseUs?: number; backoffUsMax?: number } = {},
  isInstant = false,
) {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const started: string[] = [];
  const sync = (key: string) => started.push(`${simulation.nowUs} ${key}`);
  const queue: WorkQueue = new WorkQueues(simulation, isInstant).create({
    name: 'test',
    nWorkers,
    sync,
    ...options,
  });
  const run = (untilUs = Number.POSITIVE_INFINITY) => simulation.advance(1e6, untilUs);
  return { simulation, queue, started, run };
}

describe('work queue', () => {
  it('holds a key once however often it is added', () => {
    const { queue, started, run } = setUp();
    queue.add('a');
    queue.add('a');
    run();
    queue.done('a');
    run();
    expect(started).toEqual(['0 a']);
  });

  it('says how many keys came, waited and failed', () => {
    const { simulation, queue, run } = setUp();
    queue.add('a');
    queue.add('b');
    queue.add('b');
    run();
    queue.addAfter('c', 1000);
    run();
    queue.done('a', false);
    run(simulation.nowUs);
    // b waited from 0 to 1,000 us, c from then on; a comes back 5 ms later.
    expect(queue.load()).toEqual({
      nAdds: 3,
      nRetries: 1,
      depthMean: 1,
      depthMax: 2,
      waitUsMean: 500,
      waitUsMax: 1000,
    });
  });

  it('works on a key again when it was added meanwhile, but never twice at once', () => {
    const { queue, started, run } = setUp(5);
    queue.add('a');
    run();
    queue.add('a');
    run();
    expect(started).toEqual(['0 a']);
    queue.done('a');
    run();
    expect(started).toEqual(['0 a', '0 a']);
  });

  it('has as many keys under way as there are workers, in order of arrival', () => {
    const { queue, started, run } = setUp(2);
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    run();
    expect(started).toEqual(['0 a', '0 b']);
    queue.done('b');
    run();
    expect(started).toEqual(['0 a', '0 b', '0 c']);
  });

  it('brings failed keys back after 5 ms, 10 ms, 20 ms, …, and from the start after a success', () => {
    const { queue, started, run, simulation } = setUp();
    queue.add('a');
    for (let nTries = 0; nTries < 4; nTries++) {
      run();
      queue.done('a', nTries === 3);
    }
    const before = simulation.nowUs;
    queue.add('a');
    run();
    queue.done('a', false);
    run();
    expect(started.map((line) => Number(line.split(' ')[0]))).toEqual([
      0,
      5000,
      15_000,
      35_000,
      35_000,
      before + 5000,
    ]);
  });

  it('caps the back-off', () => {
    const { queue, started, run } = setUp(1, { backoffBaseUs: 1_000_000, backoffUsMax: 2_000_000 });
    queue.add('a');
    for (let nTries = 0; nTries < 4; nTries++) {
      run();
      queue.done('a', false);
    }
    expect(started.map((line) => Number(line.split(' ')[0]) / 1e6)).toEqual([0, 1, 3, 5]);
  });

  it('lets 100 retries through at once, and then ten a second', () => {
    const { queue, started, run } = setUp(1000);
    for (let keyIdx = 0; keyIdx < 103; keyIdx++) queue.add(`k${keyIdx}`);
    run(0);
    for (let keyIdx = 0; keyIdx < 103; keyIdx++) queue.done(`k${keyIdx}`, false);
    run(10e6);
    const retries = started.slice(103).map((line) => Number(line.split(' ')[0]));
    expect([retries[0], retries[99], ...retries.slice(100)]).toEqual([5000, 5000, 100_000, 200_000, 300_000]);
  });

  it('keeps the earliest of several delays of a key', () => {
    const { queue, started, run } = setUp(10);
    queue.addAfter('a', 3000);
    queue.addAfter('a', 1000);
    queue.addAfter('a', 2000);
    run();
    expect(started).toEqual(['1000 a']);
  });

  it('does not keep a run alive for background timers', () => {
    const { queue, started, run } = setUp();
    queue.addAfter('a', 1000, true);
    run();
    expect(started).toEqual([]);
    run(2000);
    expect(started).toEqual(['1000 a']);
  });

  it('forgets everything when its program dies', () => {
    const { queue, started, run } = setUp();
    queue.add('a');
    queue.addAfter('b', 1000);
    queue.clear();
    run();
    expect(started).toEqual([]);
  });
});
