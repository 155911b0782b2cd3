// Every point of a grid, each replicated on its own with the same random numbers.
import { assert } from '../base/assert.ts';
import type { Experiment, Metrics, Point, RunRequest } from './experiment.ts';
import { Replicate, type Replicated, type ReplicateOptions } from './replicate.ts';

export interface SweepRow<P> {
  readonly point: Point<P>;
  readonly result: Replicated;
}

export class Sweep<P> implements Experiment<P, readonly SweepRow<P>[]> {
  #points: readonly Point<P>[];
  #byId: ReadonlyMap<string, Replicate<P>>;
  /** Only these can have something new to ask for. */
  #changed: Set<Replicate<P>>;
  #nDone = 0;

  constructor(points: readonly Point<P>[], options: ReplicateOptions) {
    this.#points = points;
    this.#byId = new Map(points.map((point) => [point.id, new Replicate(point, options)]));
    assert(this.#byId.size === points.length, 'points of a grid have distinct ids');
    this.#changed = new Set(this.#byId.values());
  }

  next(): readonly RunRequest<P>[] {
    const requests = [...this.#changed].flatMap((replicate) => replicate.next());
    this.#changed.clear();
    return requests;
  }

  accept(request: RunRequest<P>, metrics: Metrics): void {
    const replicate = this.#byId.get(request.point.id);
    assert(replicate !== undefined, 'a result belongs to a point of the grid');
    replicate.accept(request, metrics);
    if (replicate.done) this.#nDone++;
    else this.#changed.add(replicate);
  }

  get done(): boolean {
    return this.#nDone === this.#points.length;
  }

  /** Rows in the order of the grid. */
  get answer(): readonly SweepRow<P>[] {
    return this.#points.map((point) => ({ point, result: this.#byId.get(point.id)!.answer }));
  }
}
