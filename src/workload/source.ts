// What every source of work is to the simulator: arrivals in time order, given out one at a time.
// Nothing here knows how the work is made (manifests, a recorded trace, a generator).

import type { PodName } from '../kube/pod-name.ts';
import type { PodShape } from '../kube/pod-shape.ts';
import type { KubeObject } from '../kube/types.ts';

export type { PodShape };

/** Hears that pods it sent have finished; a closed loop answers with new arrivals. */
export interface Feedback {
  /** `count` pods finished at `nowUs`. Afterwards the source's `peek` may be earlier than before. */
  onFinished(nowUs: number, count: number): void;
}

export interface PodArrival {
  readonly atUs: number;
  readonly kind: 'pod';
  readonly name: PodName;
  readonly shape: PodShape;
  /** How long the containers run once started; absent: the pod never finishes. */
  readonly runUs?: number | undefined;
  /** What the pod belongs to in reports: a job's name, a template, a class of service. */
  readonly group?: string | undefined;
  /** To be told when the pod has finished (or was deleted). */
  readonly feedback?: Feedback | undefined;
}

export interface ObjectArrival {
  readonly atUs: number;
  readonly kind: 'object';
  readonly object: KubeObject;
}

export type Arrival = PodArrival | ObjectArrival;

export interface WorkloadSource {
  readonly name: string;
  /**
   * The next arrival in time order. Undefined means: finished if `done`; else, if there is a `refill`, unread
   * input may hold an arrival for this very instant, so the simulation must stop at this event until it is read;
   * else the source waits for feedback from its running pods.
   */
  peek(): Arrival | undefined;
  /** Takes the arrival that `peek` showed. */
  shift(): void;
  /** No arrival will ever come again. */
  readonly done: boolean;
  /** Reads more of a streamed input; absent where `peek` does not wait for input. Called between slices of a run. */
  readonly refill?: (() => Promise<void>) | undefined;
  /** Rows of the input that were wrong and left out. */
  readonly skippedRows: number;
}
