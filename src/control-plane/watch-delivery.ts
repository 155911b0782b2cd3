// Brings the changes of watch logs to their readers, first in first out, one kernel event per reader and instant.

import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { Counters } from './counters.ts';
import type { LatencyModel } from './latency.ts';
import type { LogReader, WatchLog } from './watch-log.ts';

export class WatchDelivery {
  readonly simulation: Simulation;
  readonly latency: LatencyModel;
  readonly counters: Counters;
  readonly #kind: EventKind;
  /** Readers with news, the first `#nDirty` of the list: emptying it would give up its memory at every instant. */
  #dirty: WatchReader<unknown>[] = [];
  #spare: WatchReader<unknown>[] = [];
  #nDirty = 0;

  constructor(simulation: Simulation, latency: LatencyModel, counters: Counters) {
    this.simulation = simulation;
    this.latency = latency;
    this.counters = counters;
    this.#kind = simulation.defineKind('api/watch', (generation, _, reader) =>
      reader === undefined ? this.#flush() : (reader as WatchReader<unknown>).receive(generation),
    );
  }

  /** Instant mode: all readers with news are served by one event of this instant. */
  flushSoon(reader: WatchReader<unknown>): void {
    this.#dirty[this.#nDirty++] = reader;
    if (this.#nDirty === 1) this.simulation.after(0, this.#kind);
  }

  deliverAt(dueUs: number, generation: number, reader: WatchReader<unknown>): void {
    this.simulation.at(dueUs, this.#kind, generation, 0, reader);
  }

  #flush(): void {
    const readers = this.#dirty;
    const nReaders = this.#nDirty;
    this.#dirty = this.#spare;
    this.#spare = readers;
    this.#nDirty = 0;
    for (let readerIdx = 0; readerIdx < nReaders; readerIdx++) readers[readerIdx]!.receive(-1);
  }
}

/** One watch: a position in a log, and the batches that are on their way. */
export abstract class WatchReader<T> implements LogReader {
  readonly kind: string;
  cursor: number;
  protected readonly log: WatchLog<T>;
  readonly #delivery: WatchDelivery;
  /** Counts breaks: deliveries and lists of before a break are void. */
  #generation = 0;
  #isDirty = false;
  #isConnected = true;
  #batchCommitUs = -1;
  #lastDueUs = 0;
  /** Log positions where the batches that are under way end, oldest first. */
  #batchEnds: number[] = [];

  constructor(kind: string, log: WatchLog<T>, delivery: WatchDelivery) {
    this.kind = kind;
    this.log = log;
    this.#delivery = delivery;
    this.cursor = log.end;
    log.readers.push(this);
  }

  get generation(): number {
    return this.#generation;
  }

  /** One change; both are set for a modification. */
  protected abstract apply(old: T | undefined, next: T | undefined): void;
  /** After the last change of a batch. */
  protected abstract settle(): void;
  /** Replaces what is known by what the server holds now, as of that revision. */
  protected abstract replace(revision: number): void;

  notify(): void {
    if (!this.#isConnected) return;
    if (this.#delivery.latency.isInstant) {
      if (this.#isDirty) return;
      this.#isDirty = true;
      this.#delivery.flushSoon(this);
      return;
    }
    const { nowUs } = this.#delivery.simulation;
    if (nowUs === this.#batchCommitUs && this.#batchEnds.length > 0) {
      this.#batchEnds[this.#batchEnds.length - 1] = this.log.end;
      return;
    }
    this.#batchCommitUs = nowUs;
    this.#lastDueUs = Math.max(this.#lastDueUs, nowUs + this.#delivery.latency.watchUs());
    this.#batchEnds.push(this.log.end);
    this.#delivery.deliverAt(this.#lastDueUs, this.#generation, this);
  }

  receive(generation: number): void {
    this.#isDirty = false;
    if (!this.#isConnected || (generation >= 0 && generation !== this.#generation)) return;
    const end = generation < 0 ? this.log.end : this.#batchEnds.shift()!;
    if (end <= this.cursor) return;
    this.#delivery.counters.watchEvents += end - this.cursor;
    for (let number = this.cursor; number < end; number++) {
      this.cursor = number + 1;
      this.apply(this.log.old(number), this.log.next(number));
    }
    this.settle();
    this.log.trim();
  }

  /** A list, and the watch that goes on from it. */
  countRequests(): void {
    const { counters } = this.#delivery;
    counters.request(`list ${this.kind}`);
    counters.request(`watch ${this.kind}`);
  }

  /** The connection is lost: nothing arrives until `reconnect`. */
  disconnect(): void {
    this.#isConnected = false;
    this.#generation++;
    this.#batchEnds = [];
    this.#batchCommitUs = -1;
  }

  /** Lists everything as of that revision, and watches from there. */
  reconnect(revision: number): void {
    this.#isConnected = true;
    this.countRequests();
    this.cursor = this.log.end;
    this.replace(revision);
    this.settle();
    this.log.trim();
  }
}
