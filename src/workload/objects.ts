// Kubernetes objects that are there from the start (or arrive together at one instant), in the order given.

import type { KubeObject } from '../kube/types.ts';
import type { Arrival, WorkloadSource } from './source.ts';

/** A source of `objects`, all at `atUs`, in their order. */
export class ObjectsSource implements WorkloadSource {
  readonly name: string;
  readonly skippedRows = 0;
  readonly #arrivals: readonly Arrival[];
  #next = 0;

  constructor(name: string, objects: readonly KubeObject[], atUs = 0) {
    this.name = name;
    this.#arrivals = objects.map((object) => ({ atUs, kind: 'object', object }));
  }

  get done(): boolean {
    return this.#next >= this.#arrivals.length;
  }

  peek(): Arrival | undefined {
    return this.#arrivals[this.#next];
  }

  shift(): void {
    this.#next++;
  }
}
