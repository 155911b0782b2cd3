// Several experiments as one, so that their runs share the cores; no two of them may have a point in common.
import { assert } from '../base/assert.ts';
import type { Experiment, Metrics, RunRequest } from './experiment.ts';

export class Together<P, R> implements Experiment<P, readonly R[]> {
  readonly #experiments: readonly Experiment<P, R>[];
  /** By id of the request. */
  readonly #askedBy = new Map<string, Experiment<P, R>>();

  constructor(experiments: readonly Experiment<P, R>[]) {
    this.#experiments = experiments;
  }

  next(): readonly RunRequest<P>[] {
    return this.#experiments.flatMap((experiment) => {
      const requests = experiment.next();
      for (const { id } of requests) {
        assert(!this.#askedBy.has(id), 'a run belongs to one experiment');
        this.#askedBy.set(id, experiment);
      }
      return requests;
    });
  }

  accept(request: RunRequest<P>, metrics: Metrics): void {
    this.#askedBy.get(request.id)!.accept(request, metrics);
  }

  get done(): boolean {
    return this.#experiments.every((experiment) => experiment.done);
  }

  /** In the order given. */
  get answer(): readonly R[] {
    return this.#experiments.map((experiment) => experiment.answer);
  }
}
