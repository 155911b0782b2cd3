/**
 * The two clocks of the scheduling queue: back-off is looked at on every whole second of the calendar, pods that wait
 * too long every 30 s after the scheduler began. Both only tick while there is something to look at.
 * Source: kubernetes v1.37.2 pkg/scheduler/backend/queue/scheduling_queue.go Run.
 */
import type { WallClock } from '../kube/wall-clock.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { SchedulingQueue } from './queue/scheduling-queue.ts';
import { type SchedulerKinds, schedulerKinds } from './scheduler-kinds.ts';

const SECOND_US = 1_000_000;
const FLUSH_UNSCHEDULABLE_US = 30 * SECOND_US;

export interface QueueTimersOptions {
  readonly simulation: Simulation;
  readonly clock: WallClock;
  readonly queue: SchedulingQueue;
  /** After a tick. */
  readonly flushed: () => void;
}

export class QueueTimers {
  readonly #options: QueueTimersOptions;
  readonly #kinds: SchedulerKinds;
  #startUs: number;
  /** Ticks of an earlier life are ignored. */
  #life = 0;
  #isBackoffArmed = false;
  #isUnschedulableArmed = false;

  constructor(options: QueueTimersOptions) {
    this.#options = options;
    this.#kinds = schedulerKinds(options.simulation);
    this.#startUs = options.simulation.nowUs;
  }

  /** Begins anew, now. */
  restart(): void {
    this.#startUs = this.#options.simulation.nowUs;
    this.#life++;
    this.#isBackoffArmed = false;
    this.#isUnschedulableArmed = false;
  }

  /** Sees to it that the next ticks come that anything waits for. */
  arm(): void {
    const { simulation, clock, queue } = this.#options;
    const { nowUs } = simulation;
    if (!this.#isBackoffArmed && queue.nBackoff > 0) {
      this.#isBackoffArmed = true;
      const kind = queue.hasFreshErrors ? this.#kinds.flushBackoff : this.#kinds.flushBackoffIdle;
      simulation.at(clock.floorSecondUs(nowUs) + SECOND_US, kind, this.#life, 0, this.#flushBackoff);
    }
    if (!this.#isUnschedulableArmed && queue.nUnschedulable + queue.nGated > 0) {
      this.#isUnschedulableArmed = true;
      const nTicks = Math.floor((nowUs - this.#startUs) / FLUSH_UNSCHEDULABLE_US) + 1;
      const atUs = this.#startUs + nTicks * FLUSH_UNSCHEDULABLE_US;
      simulation.at(atUs, this.#kinds.flushUnschedulable, this.#life, 0, this.#flushUnschedulable);
    }
  }

  readonly #flushBackoff = (life: number): void => {
    if (life !== this.#life) return;
    const { simulation, queue, flushed } = this.#options;
    this.#isBackoffArmed = false;
    queue.flushBackoff(simulation.nowUs);
    flushed();
  };

  readonly #flushUnschedulable = (life: number): void => {
    if (life !== this.#life) return;
    const { simulation, queue, flushed } = this.#options;
    this.#isUnschedulableArmed = false;
    queue.flushUnschedulable(simulation.nowUs);
    flushed();
  };
}
