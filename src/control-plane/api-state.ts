// Everything that the API server holds in etcd, and the one revision counter of its writes.

import type { PodObject } from '../kube/pod-object.ts';
import type { WallClock } from '../kube/wall-clock.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { Counters } from './counters.ts';
import { ObjectStore } from './object-store.ts';
import { PodStore } from './pod-store.ts';
import { WatchLog } from './watch-log.ts';

export class ApiState {
  readonly clock: WallClock;
  readonly podLog = new WatchLog<PodObject>();
  readonly pods = new PodStore(this.podLog);
  readonly #simulation: Simulation;
  readonly #counters: Counters;
  readonly #kinds = new Map<string, ObjectStore>();
  #revision = 0;
  #lastUid = 0;

  constructor(simulation: Simulation, counters: Counters, clock: WallClock) {
    this.#simulation = simulation;
    this.#counters = counters;
    this.clock = clock;
  }

  get nowUs(): number {
    return this.#simulation.nowUs;
  }

  /** The revision of the newest write. */
  get revision(): number {
    return this.#revision;
  }

  /** Counts a write and answers its revision. */
  nextRevision(): number {
    this.#counters.etcdWrites++;
    return ++this.#revision;
  }

  nextUid(): number {
    return ++this.#lastUid;
  }

  kind(kind: string): ObjectStore {
    let store = this.#kinds.get(kind);
    if (!store) this.#kinds.set(kind, (store = new ObjectStore()));
    return store;
  }

  /** Estimates: what is stored now, and what was written so far. */
  etcdBytes(): { readonly stored: number; readonly written: number } {
    let { bytes: stored, bytesWritten: written } = this.pods;
    for (const { bytes, bytesWritten } of this.#kinds.values()) {
      stored += bytes;
      written += bytesWritten;
    }
    return { stored, written };
  }

  /** The kinds of which something was ever stored or watched, in order of first mention. */
  kinds(): IterableIterator<string> {
    return this.#kinds.keys();
  }
}
