/** Meters a first-in-first-out line whose members know on arrival when their turn comes (limiters, stations). */
import { QueueMeter } from './queue-meter.ts';
import type { QueueLoad } from './run-metrics.ts';

const N_TRIM = 1024;

export class WaitLine {
  readonly #meter = new QueueMeter();
  /** Of those that wait, in order: arrival and turn. What lies before `#head` is past. */
  readonly #sinceUs: number[] = [];
  readonly #turnUs: number[] = [];
  #head = 0;

  /** Somebody arrives whose turn comes at `turnUs`, not before the turn of anybody earlier. */
  admit(nowUs: number, turnUs: number): void {
    this.#passTo(nowUs);
    if (turnUs <= nowUs) {
      this.#meter.pass();
      return;
    }
    this.#meter.enter(nowUs);
    this.#sinceUs.push(nowUs);
    this.#turnUs.push(turnUs);
  }

  /** Whoever waits gives up. */
  clear(nowUs: number): void {
    this.#passTo(nowUs);
    this.#sinceUs.length = this.#turnUs.length = this.#head = 0;
    this.#meter.setDepth(0, nowUs);
  }

  load(nowUs: number): Omit<QueueLoad, 'program' | 'queue'> {
    this.#passTo(nowUs);
    return { ...this.#meter.load(nowUs, this.#sinceUs[this.#head]), nRetries: null };
  }

  #passTo(nowUs: number): void {
    while (this.#head < this.#turnUs.length && this.#turnUs[this.#head]! <= nowUs) {
      this.#meter.leave(this.#turnUs[this.#head]!, this.#sinceUs[this.#head]!);
      this.#head++;
    }
    if (this.#head < N_TRIM) return;
    this.#sinceUs.splice(0, this.#head);
    this.#turnUs.splice(0, this.#head);
    this.#head = 0;
  }
}
