/**
 * Operations of the event queues and of the kernel by CPU second of this process, user and system. Hold model: with n
 * events pending, take out the first and schedule one exponential delay after it; the delays are drawn beforehand.
 */
import { Bench } from 'tinybench';
import type { EventQueue } from '../../src/sim/event-queue.ts';
import { HeapQueue } from '../../src/sim/heap-queue.ts';
import { Lanes } from '../../src/sim/lanes.ts';
import { RandomStreams } from '../../src/sim/random-streams.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { TinyEventQueue } from '../../src/sim/tiny-queue.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const N_DELAYS = 1 << 20;
/** Operations of one sample: some tens of milliseconds. */
const N_OPS = 200_000;
const N_LANES = 8;
const LANE_US = 1000;

const stream = new RandomStreams('bench').open('delays');
const delays = Float64Array.from({ length: N_DELAYS }, () => Math.round(-1e6 * Math.log(1 - stream.next())));

export interface KernelCase {
  readonly what: keyof typeof WORKS;
  readonly nPending: number;
}

/** Does `N_OPS` operations. */
type Work = () => void;

/** Operations per CPU second: of the first call, compilation included, and of `nRepetitions` later ones. */
export function kernelRates(
  { what, nPending }: KernelCase,
  nWarmUp: number,
  nRepetitions: number,
): { cold: number; rates: number[] } {
  const work = WORKS[what](nPending);
  const startMs = cpuMs();
  work();
  const cold = rate(cpuMs() - startMs);
  const bench = new Bench({
    now: cpuMs,
    time: 0,
    iterations: nRepetitions,
    warmupTime: 0,
    warmupIterations: nWarmUp,
    retainSamples: true,
    throws: true,
  });
  bench.add(what, work);
  const [task] = bench.runSync();
  const { result } = task!;
  if (!('latency' in result)) throw new Error(`${what} was not measured: ${result.state}`);
  return { cold, rates: (result.latency.samples ?? []).map(rate) };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const rate = (ms: number) => (1000 * N_OPS) / ms;

function hold(queue: EventQueue, nPending: number): Work {
  let sequence = 0;
  for (; sequence < nPending; sequence++) queue.push(delays[sequence % N_DELAYS]!, sequence, sequence);
  return () => {
    for (let i = 0; i < N_OPS; i++) {
      const nowUs = queue.topTimeUs;
      const item = queue.pop();
      queue.push(nowUs + delays[sequence % N_DELAYS]!, sequence++, item);
    }
  };
}

function holdLanes(nPending: number): Work {
  const lanes = new Lanes();
  for (let lane = 0; lane < N_LANES; lane++) lanes.define();
  let sequence = 0;
  for (; sequence < nPending; sequence++) {
    const lane = sequence % N_LANES;
    lanes.push(lane, sequence + lane * 1000, sequence, lane);
  }
  return () => {
    for (let i = 0; i < N_OPS; i++) {
      const nowUs = lanes.topTimeUs;
      const lane = lanes.pop();
      lanes.push(lane, nowUs + nPending, sequence++, lane);
    }
  };
}

/** Queue, dispatch and trace hash: each event records a transition and schedules its successor. */
function wholeKernel(nPending: number, laneUs: number): Work {
  const sim = new Simulation({ priorities: { a: 1, b: 2, c: 3 } });
  if (laneUs > 0) sim.defineLane(laneUs);
  const kinds = ['a', 'b', 'c'].map((kindName, k) =>
    sim.defineKind(kindName, (a, b) => {
      sim.trace.add(k, a);
      sim.after(laneUs > 0 ? laneUs : delays[b]!, kinds[(k + 1) % 3]!, a, (b + 1) % N_DELAYS);
    }),
  );
  for (let i = 0; i < nPending; i++) sim.at(delays[i % N_DELAYS]!, kinds[i % 3]!, i, i % N_DELAYS);
  return () => sim.advance(N_OPS, FOREVER);
}

const WORKS = {
  'hold, heap': (nPending) => hold(new HeapQueue(), nPending),
  'hold, tinyqueue': (nPending) => hold(new TinyEventQueue(), nPending),
  'hold, lanes': holdLanes,
  'queue, dispatch and hash, heap': (nPending) => wholeKernel(nPending, 0),
  'queue, dispatch and hash, one lane': (nPending) => wholeKernel(nPending, LANE_US),
} satisfies Record<string, (nPending: number) => Work>;

export const KERNEL_WORKS = Object.keys(WORKS) as readonly (keyof typeof WORKS)[];
