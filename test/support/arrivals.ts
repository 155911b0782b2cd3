// Helpers of tests about workloads: text as streamed lines, and a source run to its end.

import type { Arrival, PodArrival, WorkloadSource } from '../../src/workload/source.ts';

export async function* linesOf(...lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

/** Every arrival of a source that needs no feedback. */
export async function drain(source: WorkloadSource): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  while (!source.done) {
    const arrival = source.peek();
    if (arrival) {
      arrivals.push(arrival);
      source.shift();
    } else {
      await source.refill?.();
    }
  }
  return arrivals;
}

export async function drainPods(source: WorkloadSource): Promise<PodArrival[]> {
  return (await drain(source)).filter((arrival) => arrival.kind === 'pod');
}
