// Speed of the event queues and of the kernel, in operations per second of CPU time (user + system, this process).
// Run: node --import tsx bench/event-queue.bench.ts
// Hold model: with n events pending, take out the first and schedule one exponential delay after it. Keys are drawn beforehand.

import type { EventQueue } from '../src/sim/event-queue.ts';
import { HeapQueue } from '../src/sim/heap-queue.ts';
import { Lanes } from '../src/sim/lanes.ts';
import { RandomStreams } from '../src/sim/random-streams.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { TinyEventQueue } from '../src/sim/tiny-queue.ts';

const SIZES = [1e3, 1e5, 1e6];
const FOREVER = Number.POSITIVE_INFINITY;
const N_DELAYS = 1 << 20;
const stream = new RandomStreams('bench').open('delays');
const delays = Float64Array.from({ length: N_DELAYS }, () => Math.round(-1e6 * Math.log(1 - stream.next())));

/** Repeats `work`, which answers how many operations it did, for a second; prints millions per CPU second. */
function measure(name: string, work: () => number): void {
  work();
  let nOps = 0;
  const start = process.cpuUsage();
  let usedUs = 0;
  while (usedUs < 1e6) {
    nOps += work();
    const { user, system } = process.cpuUsage(start);
    usedUs = user + system;
  }
  console.log(`${name.padEnd(62)} ${(nOps / usedUs).toFixed(2).padStart(7)} M/s`);
}

function hold(name: string, queue: EventQueue, nPending: number): void {
  let sequence = 0;
  for (; sequence < nPending; sequence++) queue.push(delays[sequence % N_DELAYS]!, sequence, sequence);
  const work = () => {
    for (let i = 0; i < 200_000; i++) {
      const nowUs = queue.topTimeUs;
      const item = queue.pop();
      queue.push(nowUs + delays[sequence % N_DELAYS]!, sequence++, item);
    }
    return 200_000;
  };
  measure(`hold, ${nPending} pending, ${name}`, work);
}

function holdLanes(nLanes: number, nPending: number): void {
  const lanes = new Lanes();
  for (let lane = 0; lane < nLanes; lane++) lanes.define();
  let sequence = 0;
  for (; sequence < nPending; sequence++) {
    const lane = sequence % nLanes;
    lanes.push(lane, sequence + lane * 1000, sequence, lane);
  }
  const work = () => {
    for (let i = 0; i < 200_000; i++) {
      const nowUs = lanes.topTimeUs;
      const lane = lanes.pop();
      lanes.push(lane, nowUs + nPending, sequence++, lane);
    }
    return 200_000;
  };
  measure(`hold, ${nPending} pending, ${nLanes} lanes`, work);
}

/** Queue, dispatch and trace hash: each event records a transition and schedules its successor. */
function wholeKernel(name: string, nPending: number, laneUs: number, queue?: EventQueue): void {
  const sim = new Simulation({ priorities: { a: 1, b: 2, c: 3 }, ...(queue && { queue }) });
  if (laneUs > 0) sim.defineLane(laneUs);
  const kinds = ['a', 'b', 'c'].map((kindName, k) =>
    sim.defineKind(kindName, (a, b) => {
      sim.trace.add(k, a);
      sim.after(laneUs > 0 ? laneUs : delays[b]!, kinds[(k + 1) % 3]!, a, (b + 1) % N_DELAYS);
    }),
  );
  for (let i = 0; i < nPending; i++) sim.at(delays[i % N_DELAYS]!, kinds[i % 3]!, i, i % N_DELAYS);
  const work = () => {
    const nBefore = sim.nEvents;
    sim.advance(200_000, FOREVER);
    return sim.nEvents - nBefore;
  };
  measure(`queue + dispatch + hash, ${nPending} pending, ${name}`, work);
}

for (const nPending of SIZES) {
  hold('HeapQueue', new HeapQueue(), nPending);
  hold('TinyEventQueue', new TinyEventQueue(), nPending);
  holdLanes(8, nPending);
  wholeKernel('HeapQueue', nPending, 0);
  wholeKernel('TinyEventQueue', nPending, 0, new TinyEventQueue());
  wholeKernel('one lane', nPending, 1000);
}
