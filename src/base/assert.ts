// Assertions that stay on: a failed one is a bug of the simulator, never a mistake of the user.

/** A broken promise inside the program (exit code 70). */
export class BugError extends Error {
  override name = 'BugError';
}

/** Throws a {@link BugError} with `message` unless `cond` holds. Pass plain literals on hot paths: templates cost even when all is well. */
export function assert(cond: unknown, message: string): asserts cond {
  if (!cond) throw new BugError(message);
}

/** Reports a place that can never be reached. */
export function fail(message: string): never {
  throw new BugError(message);
}
