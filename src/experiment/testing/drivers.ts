// Test drivers that finish runs in any order.
import type { Experiment, Metrics, RunRequest } from '../experiment.ts';

/** Drives an experiment with results accepted in the order `pick` chooses; `pick(n)` is an index below n. */
export function driveInOrder<P, R>(
  experiment: Experiment<P, R>,
  run: (request: RunRequest<P>) => Metrics,
  pick: (n: number) => number = () => 0,
): { answer: R; requests: string[] } {
  const requests: string[] = [];
  const underWay: RunRequest<P>[] = [];
  while (!experiment.done) {
    const asked = experiment.next();
    requests.push(...asked.map((request) => request.id));
    underWay.push(...asked);
    if (underWay.length === 0) throw new Error('not done, but nothing under way');
    const request = underWay.splice(pick(underWay.length), 1)[0]!;
    experiment.accept(request, run(request));
  }
  return { answer: experiment.answer, requests };
}

/** A picker that follows the given numbers, then takes the last. */
export function pickerFrom(choices: readonly number[]): (n: number) => number {
  let i = 0;
  return (n) => (i < choices.length ? choices[i++]! % n : n - 1);
}
