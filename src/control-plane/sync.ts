// A controller's sync as a generator: it reads its informers, yields the API calls that it waits for, and goes on with
// their outcome. While it waits its worker is busy and its key is not worked on twice, as in the real controllers.

import type { ApiError, Reply } from '../kube/api.ts';

/** Starts something and calls `resume` once with its outcome, later. */
type Effect = (resume: (outcome: unknown) => void) => void;

/** A part of a sync that ends with a T. */
export type Steps<T> = Generator<Effect, T, unknown>;

/** A whole sync; false for a failure: the key comes back after its back-off. */
export type Sync = Steps<boolean>;

export interface Outcome<T> {
  readonly error: ApiError | undefined;
  readonly object: T | undefined;
}

/** Waits for one API call: `const { error } = yield* call((reply) => client.update(object, reply))`. */
export function* call<T>(start: (reply: Reply<T>) => void): Steps<Outcome<T>> {
  const effect: Effect = (resume) => start((error, object) => resume({ error, object }));
  return (yield effect) as Outcome<T>;
}

export interface Batch {
  readonly nDone: number;
  /** The first error in order of arrival. */
  readonly error: ApiError | undefined;
  /** Positions of the calls that failed. */
  readonly failed: readonly number[];
}

/** Waits for `count` calls that are started together. */
export function* all<T>(
  count: number,
  start: (callIdx: number, reply: Reply<T, number>) => void,
): Steps<Batch> {
  if (count === 0) return { nDone: 0, error: undefined, failed: [] };
  const effect: Effect = (resume) => {
    let nLeft = count;
    let first: ApiError | undefined;
    const failed: number[] = [];
    const reply: Reply<T, number> = (error, _object, callIdx) => {
      if (error) {
        first ??= error;
        failed.push(callIdx);
      }
      if (--nLeft === 0) resume({ nDone: count - failed.length, error: first, failed });
    };
    for (let callIdx = 0; callIdx < count; callIdx++) start(callIdx, reply);
  };
  return (yield effect) as Batch;
}

/**
 * Calls in batches of 1, 2, 4, … each after all of the one before have returned; an error ends it.
 * Source: slowStartBatch in pkg/controller/replicaset/replica_set.go, 1.37.
 */
export function* slowStart<T>(
  count: number,
  start: (callIdx: number, reply: Reply<T, number>) => void,
): Steps<Batch> {
  let nDone = 0;
  for (let size = 1; nDone < count; size *= 2) {
    const base = nDone;
    const n = Math.min(size, count - base);
    const batch: Batch = yield* all<T>(n, (callIdx, reply) => start(base + callIdx, reply));
    nDone += batch.nDone;
    if (batch.error) return { ...batch, nDone };
  }
  return { nDone, error: undefined, failed: [] };
}

/** Runs steps from start to end, beside whatever else goes on, and says what came out. */
export function runSteps<T>(steps: Steps<T>, onEnd: (result: T) => void): void {
  const step = (outcome: unknown): void => {
    const next = steps.next(outcome);
    if (next.done) onEnd(next.value);
    else next.value(step);
  };
  step(undefined);
}
