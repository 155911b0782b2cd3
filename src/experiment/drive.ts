// Makes the runs an experiment asks for, several at once, until it is done or told to stop.
import { assert } from '../base/assert.ts';
import type { Experiment, Metrics, Run, RunRequest } from './experiment.ts';

export interface DriveOptions<P> {
  /** Runs under way at once; 1 by default. */
  readonly parallel?: number;
  /** Asked before each run is started: true stops starting runs (those under way still count). */
  readonly isStopped?: () => boolean;
  /** Told after each result: for progress, and for writing results down. */
  readonly onResult?: (request: RunRequest<P>, metrics: Metrics) => void;
}

/** Drives `experiment` with `run`; the answer is the best so far when stopped. The first failing run rejects. */
export async function drive<P, R>(
  experiment: Experiment<P, R>,
  run: Run<P>,
  { parallel = 1, isStopped = () => false, onResult }: DriveOptions<P> = {},
): Promise<R> {
  assert(parallel >= 1, 'at least one run at a time');
  const waiting: RunRequest<P>[] = [];
  const underWay = new Set<Promise<void>>();
  const start = async (request: RunRequest<P>): Promise<void> => {
    const metrics = await run(request);
    experiment.accept(request, metrics);
    onResult?.(request, metrics);
  };
  while (!experiment.done) {
    waiting.push(...experiment.next());
    while (waiting.length > 0 && underWay.size < parallel && !isStopped()) {
      const running: Promise<void> = start(waiting.shift()!).finally(() => underWay.delete(running));
      underWay.add(running);
    }
    if (underWay.size === 0) {
      assert(isStopped(), 'an experiment that is not done asks for no run');
      break;
    }
    await Promise.race(underWay);
  }
  await Promise.all(underWay);
  return experiment.answer;
}
