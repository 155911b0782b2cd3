// The discrete-event kernel: a clock, pending events in (time, priority class, sequence) order, and a closed catalogue of event
// kinds. It knows nothing of what it simulates.
// Events cannot be cancelled: an event about a row carries the row's generation in its payload, and a handler that finds
// another generation ignores it. So a recycled row never hears an old timer.

import { assert, BugError } from '../base/assert.ts';
import { EnvironmentError, InputError } from '../base/errors.ts';
import { type EventQueue, N_PRIORITIES_MAX, PRIORITY_STEP } from './event-queue.ts';
import { EventSlots } from './event-slots.ts';
import { HeapQueue } from './heap-queue.ts';
import { Lanes } from './lanes.ts';
import { TraceHash } from './trace-hash.ts';

declare const kindBrand: unique symbol;

/** The number of a defined event kind. */
export type EventKind = number & { readonly [kindBrand]: true };

/** What happens when an event falls due; `a` and `b` are 0 and `ref` undefined unless the event was given others. */
export type EventHandler = (a: number, b: number, ref: unknown) => void;

export interface SimulationOptions {
  /** The closed catalogue: the priority class (0 first, at most 255) of every event kind, by name. */
  readonly priorities: Readonly<Record<string, number>>;
  /** Called before each event is dispatched; it must only look. */
  readonly onEvent?: (timeUs: number, kindName: string, a: number, b: number) => void;
  /** The queue of events without a lane; the kernel's own heap unless given. */
  readonly queue?: EventQueue;
}

export class Simulation {
  readonly trace: TraceHash = new TraceHash(this);
  readonly #options: SimulationOptions;
  readonly #queue: EventQueue;
  readonly #lanes = new Lanes();
  readonly #slots = new EventSlots();
  readonly #handlers: EventHandler[] = [];
  readonly #kindNames: string[] = [];
  /** Per kind: priority class * 2^45, the position among the classes in use, and 1 unless it is background. */
  readonly #orderBases = new Float64Array(N_PRIORITIES_MAX);
  readonly #classIdxs = new Uint8Array(N_PRIORITIES_MAX);
  readonly #foregrounds = new Uint8Array(N_PRIORITIES_MAX);
  readonly #classes: readonly number[];
  /** Delay d of class c has lane d * classes + c. Delay 0 comes first. */
  #laneDelaysUs = new Float64Array(0);
  #nowUs = 0;
  #nEvents = 0;
  #sequence = 0;
  #nForeground = 0;
  #isPaused = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#queue = options.queue ?? new HeapQueue();
    this.#classes = [...new Set(Object.values(options.priorities))].sort((x, y) => x - y);
    for (const c of this.#classes) {
      assert(Number.isInteger(c) && c >= 0 && c < N_PRIORITIES_MAX, `priority class ${c} is not 0..255`);
    }
    this.defineLane(0);
  }

  /** Virtual time, in whole microseconds since the start of the run. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** Events dispatched so far. */
  get nEvents(): number {
    return this.#nEvents;
  }

  /** Events pending, background ones included. */
  get nPending(): number {
    return this.#slots.size;
  }

  /** Whether nothing but background events is pending. */
  get idle(): boolean {
    return this.#nForeground === 0;
  }

  /** When the next event falls due; Infinity if none is pending. */
  nextTimeUs(): number {
    return Math.min(this.#queue.topTimeUs, this.#lanes.topTimeUs);
  }

  /**
   * Gives a kind of the catalogue its handler, once. Background kinds (daemons, periodic timers) do not keep a run alive: with no
   * time limit, `advance` is done when only they are pending.
   */
  defineKind(name: string, handler: EventHandler, options?: { readonly background?: boolean }): EventKind {
    const { priorities } = this.#options;
    assert(Object.hasOwn(priorities, name), `event kind "${name}" is not in the catalogue`);
    assert(!this.#kindNames.includes(name), `event kind "${name}" is defined twice`);
    const kind = this.#kindNames.push(name) - 1;
    assert(kind < N_PRIORITIES_MAX, 'more than 256 event kinds');
    const priority = priorities[name]!;
    this.#handlers.push(handler);
    this.#orderBases[kind] = priority * PRIORITY_STEP;
    this.#classIdxs[kind] = this.#classes.indexOf(priority);
    this.#foregrounds[kind] = options?.background ? 0 : 1;
    return kind as EventKind;
  }

  /** Makes events that `after` schedules with exactly this delay cheap. Worth it for a constant delay that occurs often. */
  defineLane(delayUs: number): void {
    assert(Number.isInteger(delayUs) && delayUs >= 0, 'a lane needs a whole, non-negative delay');
    if (this.#laneDelaysUs.includes(delayUs)) return;
    this.#laneDelaysUs = Float64Array.of(...this.#laneDelaysUs, delayUs);
    for (let c = 0; c < this.#classes.length; c++) this.#lanes.define();
  }

  /** Schedules an event at a whole microsecond, now or later. */
  at(timeUs: number, kind: EventKind, a = 0, b = 0, ref?: unknown): void {
    if (!(timeUs >= this.#nowUs && timeUs <= Number.MAX_SAFE_INTEGER && Math.floor(timeUs) === timeUs)) {
      throw new BugError(`event "${this.#kindNames[kind]}" at ${timeUs} us, but it is ${this.#nowUs} us`);
    }
    this.#schedule(timeUs, timeUs === this.#nowUs ? 0 : -1, kind, a, b, ref);
  }

  /** Schedules an event after a delay, rounded to whole microseconds. */
  after(delayUs: number, kind: EventKind, a = 0, b = 0, ref?: unknown): void {
    const delay = Math.round(delayUs);
    const timeUs = this.#nowUs + delay;
    if (!(delay >= 0 && timeUs <= Number.MAX_SAFE_INTEGER)) {
      throw new BugError(`event "${this.#kindNames[kind]}" after ${delayUs} us`);
    }
    const delays = this.#laneDelaysUs;
    let d = delays.length - 1;
    while (d >= 0 && delays[d] !== delay) d--;
    this.#schedule(timeUs, d, kind, a, b, ref);
  }

  /** `laneDelay` is the position among the lanes' delays, -1 for the queue. */
  #schedule(timeUs: number, laneDelay: number, kind: EventKind, a: number, b: number, ref: unknown): void {
    const slot = this.#slots.occupy(kind, a, b, ref);
    const order = this.#orderBases[kind]! + this.#sequence++;
    this.#nForeground += this.#foregrounds[kind]!;
    if (laneDelay < 0) this.#queue.push(timeUs, order, slot);
    else this.#lanes.push(laneDelay * this.#classes.length + this.#classIdxs[kind]!, timeUs, order, slot);
  }

  /** Makes the running `advance` return 'more' once the current event is over: a handler needs input that is yet to be read. */
  pause(): void {
    this.#isPaused = true;
  }

  /**
   * Dispatches events due at `untilUs` or before, at most `maxEvents`. 'done' when none is left; the clock then stands at
   * `untilUs` if that is finite. How a run is sliced into calls never changes what happens. A bug in a handler comes out as a
   * BugError that names the time, the event and its payload.
   */
  advance(maxEvents: number, untilUs: number): 'more' | 'done' {
    const endless = untilUs === Number.POSITIVE_INFINITY;
    let nLeft = maxEvents;
    this.#isPaused = false;
    while (!endless || this.#nForeground > 0) {
      const queueTimeUs = this.#queue.topTimeUs;
      const laneTimeUs = this.#lanes.topTimeUs;
      const fromLane =
        laneTimeUs < queueTimeUs ||
        (laneTimeUs === queueTimeUs && this.#lanes.topOrder < this.#queue.topOrder);
      const timeUs = fromLane ? laneTimeUs : queueTimeUs;
      if (timeUs > untilUs) break;
      if (nLeft-- <= 0) return 'more';
      this.#nowUs = timeUs;
      this.#dispatch(fromLane ? this.#lanes.pop() : this.#queue.pop());
      if (this.#isPaused) return 'more';
    }
    if (!endless && untilUs > this.#nowUs) this.#nowUs = untilUs;
    return 'done';
  }

  #dispatch(slot: number): void {
    const slots = this.#slots;
    const kind = slots.kind(slot);
    const a = slots.a(slot);
    const b = slots.b(slot);
    const ref = slots.release(slot);
    this.#nEvents++;
    this.#nForeground -= this.#foregrounds[kind]!;
    try {
      this.#options.onEvent?.(this.#nowUs, this.#kindNames[kind]!, a, b);
      this.#handlers[kind]!(a, b, ref);
    } catch (error) {
      throw this.#located(error, kind, a, b);
    }
  }

  /** Says when and where a bug struck; the user's and the machine's errors pass unchanged. */
  #located(error: unknown, kind: number, a: number, b: number): unknown {
    if (error instanceof InputError || error instanceof EnvironmentError) return error;
    const what = error instanceof Error ? error.message : String(error);
    return new BugError(`at ${this.#nowUs} us in event "${this.#kindNames[kind]}" (${a}, ${b}): ${what}`, {
      cause: error,
    });
  }
}
