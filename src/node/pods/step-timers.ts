// The timers of the detailed life: an event says what is due for which pod or container, and the number of the attempt
// it belongs to; whoever gave the attempt up has counted on since. Timers of pods that go on for ever without anybody
// waiting for them are background events, which do not keep a run alive.

import { assert } from '../../base/assert.ts';
import type { EventKind, Simulation } from '../../sim/simulation.ts';

/** What may fall due. */
export const DUE = {
  volumes: 0,
  sandbox: 1,
  created: 2,
  postStarted: 3,
  exitSeen: 4,
  resync: 5,
  killed: 6,
  allExited: 7,
  cleaned: 8,
  deadline: 9,
  startupProbe: 10,
  livenessProbe: 11,
  readinessProbe: 12,
  publish: 13,
} as const;

export type Due = (typeof DUE)[keyof typeof DUE];

type Handler = (subject: never, attempt: number) => void;

export class StepTimers {
  readonly #simulation: Simulation;
  readonly #handlers: (Handler | undefined)[] = Object.values(DUE).map(() => undefined);
  readonly #kind: EventKind;
  readonly #idleKind: EventKind;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    const run = (due: number, attempt: number, subject: unknown) =>
      this.#handlers[due]!(subject as never, attempt);
    this.#kind = simulation.defineKind('node/pod', run);
    this.#idleKind = simulation.defineKind('node/pod-idle', run, { background: true });
  }

  get nowUs(): number {
    return this.#simulation.nowUs;
  }

  on<T>(due: Due, handler: (subject: T, attempt: number) => void): void {
    assert(this.#handlers[due] === undefined, 'a timer has one handler');
    this.#handlers[due] = handler as Handler;
  }

  /** `isIdle`: nobody waits for it. */
  at(atUs: number, due: Due, subject: object, attempt: number, isIdle = false): void {
    this.#simulation.at(atUs, isIdle ? this.#idleKind : this.#kind, due, attempt, subject);
  }
}
