// A controller's queue of keys: a key waits once, is worked on by one worker at a time, and comes back when it was added
// meanwhile. Failed keys come back after a back-off.
// Source: client-go util/workqueue/{queue,delaying_queue,default_rate_limiters}.go, 1.37.
// Deviation: taking a key off the queue and the sync's own computing take no time; its API calls do.

import { assert } from '../base/assert.ts';
import { QueueMeter } from '../metrics/queue-meter.ts';
import type { QueueLoad } from '../metrics/run-metrics.ts';
import { backoffUs } from '../sim/backoff.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import { TokenBucket } from '../sim/token-bucket.ts';

export interface WorkQueueOptions {
  readonly name: string;
  readonly nWorkers: number;
  /** Starts work on a key; `done` must be called once for each, now or later. */
  readonly sync: (key: string) => void;
  readonly backoffBaseUs?: number;
  readonly backoffUsMax?: number;
}

const BACKOFF_BASE_US = 5000;
const BACKOFF_US_MAX = 1_000_000_000;
const BUCKET_PER_SEC = 10;
const BUCKET_BURST = 100;
/** Keys that have failed so often retry in the background: they do not keep a run alive. */
const N_FAILURES_FOREGROUND = 12;

/** The kinds of events that drive work queues, shared by all of them. */
export class WorkQueues {
  readonly simulation: Simulation;
  readonly isInstant: boolean;
  #isOpen = true;
  readonly #all: WorkQueue[] = [];
  readonly #run: EventKind;
  readonly #timer: EventKind;
  readonly #tick: EventKind;

  constructor(simulation: Simulation, isInstant: boolean) {
    this.simulation = simulation;
    this.isInstant = isInstant;
    const wake = (_a: number, _b: number, ref: unknown) => (ref as Timer).queue.wake(ref as Timer);
    this.#run = simulation.defineKind('controller/sync', (_a, _b, ref) => (ref as WorkQueue).run());
    this.#timer = simulation.defineKind('controller/timer', wake);
    this.#tick = simulation.defineKind('controller/tick', wake, { background: true });
  }

  create(options: WorkQueueOptions): WorkQueue {
    const queue = new WorkQueue(this, options);
    this.#all.push(queue);
    return queue;
  }

  /** Whether keys are worked on. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    for (const queue of this.#all) queue.schedule();
  }

  /** The program died: everything is forgotten, and what comes waits until `open`. */
  close(): void {
    this.#isOpen = false;
    for (const queue of this.#all) queue.clear();
  }

  /** What each queue had to do so far. */
  loads(program: string): QueueLoad[] {
    return this.#all.map((queue) => ({ program, queue: queue.name, ...queue.load() }));
  }

  runSoon(queue: WorkQueue): void {
    this.simulation.after(0, this.#run, 0, 0, queue);
  }

  wakeAfter(delayUs: number, timer: Timer, isBackground: boolean): void {
    this.simulation.after(Math.ceil(delayUs), isBackground ? this.#tick : this.#timer, 0, 0, timer);
  }
}

interface Timer {
  readonly queue: WorkQueue;
  readonly key: string;
  readonly dueUs: number;
}

export class WorkQueue {
  readonly name: string;
  readonly #queues: WorkQueues;
  readonly #options: WorkQueueOptions;
  readonly #meter = new QueueMeter();
  /** Since when each key has waited, in order of arrival; a key goes when a worker takes it. */
  readonly #waiting = new Map<string, number>();
  readonly #processing = new Set<string>();
  /** Added again while being worked on. */
  readonly #again = new Set<string>();
  /** The earliest timer of each key; others are ignored when they fire. */
  readonly #timers = new Map<string, number>();
  readonly #nFailures = new Map<string, number>();
  #bucket = new TokenBucket(BUCKET_PER_SEC, BUCKET_BURST);
  #isRunScheduled = false;

  constructor(queues: WorkQueues, options: WorkQueueOptions) {
    this.name = options.name;
    this.#queues = queues;
    this.#options = options;
  }

  load(): Omit<QueueLoad, 'program' | 'queue'> {
    const [oldestUs] = this.#waiting.values();
    return this.#meter.load(this.#queues.simulation.nowUs, oldestUs);
  }

  add(key: string): void {
    if (this.#processing.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#enter(key);
    this.schedule();
  }

  /** Adds the key later; of several such calls the earliest counts. Background timers do not keep a run alive. */
  addAfter(key: string, delayUs: number, isBackground = false): void {
    if (delayUs <= 0) {
      this.add(key);
      return;
    }
    const dueUs = this.#queues.simulation.nowUs + Math.ceil(delayUs);
    const known = this.#timers.get(key);
    if (known !== undefined && known <= dueUs) return;
    this.#timers.set(key, dueUs);
    this.#queues.wakeAfter(delayUs, { queue: this, key, dueUs }, isBackground);
  }

  /** Adds the key after its back-off, which doubles with every call until `forget`. */
  addRateLimited(key: string): void {
    const nFailures = this.#nFailures.get(key) ?? 0;
    this.#nFailures.set(key, nFailures + 1);
    this.#meter.nRetries++;
    const { backoffBaseUs = BACKOFF_BASE_US, backoffUsMax = BACKOFF_US_MAX } = this.#options;
    const { nowUs } = this.#queues.simulation;
    const ownUs = backoffUs(backoffBaseUs, backoffUsMax, nFailures);
    const bucketUs = this.#bucket.reserve(nowUs) - nowUs;
    this.addAfter(key, Math.max(ownUs, bucketUs), nFailures >= N_FAILURES_FOREGROUND);
  }

  forget(key: string): void {
    this.#nFailures.delete(key);
  }

  nFailures(key: string): number {
    return this.#nFailures.get(key) ?? 0;
  }

  /** The sync of a key has ended; a failed one comes back after its back-off. */
  done(key: string, isOk = true): void {
    assert(this.#processing.delete(key), 'a key that is not being worked on cannot be done');
    if (isOk) this.forget(key);
    else this.addRateLimited(key);
    if (this.#again.delete(key)) this.#enter(key);
    this.schedule();
  }

  /** The process died: everything is forgotten, and syncs under way never end. */
  clear(): void {
    this.#waiting.clear();
    this.#meter.setDepth(0, this.#queues.simulation.nowUs);
    this.#processing.clear();
    this.#again.clear();
    this.#timers.clear();
    this.#nFailures.clear();
    this.#bucket = new TokenBucket(BUCKET_PER_SEC, BUCKET_BURST);
  }

  /** Gives waiting keys to free workers. */
  run(): void {
    this.#isRunScheduled = false;
    if (!this.#queues.isOpen) return;
    for (const [key, sinceUs] of this.#waiting) {
      if (this.#processing.size >= this.#options.nWorkers && !this.#queues.isInstant) break;
      this.#waiting.delete(key);
      this.#meter.leave(this.#queues.simulation.nowUs, sinceUs);
      this.#processing.add(key);
      this.#options.sync(key);
    }
  }

  wake({ key, dueUs }: Timer): void {
    if (this.#timers.get(key) !== dueUs) return;
    this.#timers.delete(key);
    this.add(key);
  }

  #enter(key: string): void {
    if (this.#waiting.has(key)) return;
    const { nowUs } = this.#queues.simulation;
    this.#waiting.set(key, nowUs);
    this.#meter.enter(nowUs);
  }

  /** Waiting keys are worked on soon, if there is a worker for them. */
  schedule(): void {
    if (!this.#queues.isOpen || this.#isRunScheduled || this.#waiting.size === 0) return;
    if (this.#processing.size >= this.#options.nWorkers && !this.#queues.isInstant) return;
    this.#isRunScheduled = true;
    this.#queues.runSoon(this);
  }
}
