/**
 * The scheduler's kinds of events in the kernel. Each event brings the function that it calls, so that several
 * schedulers can share one simulation.
 */
import type { EventKind, Simulation } from '../sim/simulation.ts';

/** What an event calls: `a` is whatever was given with the event. */
export type Callback = (a: number) => void;

export interface SchedulerKinds {
  /** The next scheduling cycles begin. */
  readonly cycle: EventKind;
  /** A cycle that took time ends. */
  readonly cycleEnd: EventKind;
  /** PreBind looks whether its volumes are there. */
  readonly preBind: EventKind;
  readonly flushBackoff: EventKind;
  /** The same when only pods are left that come back with the same error again and again: keeps no run alive. */
  readonly flushBackoffIdle: EventKind;
  readonly flushUnschedulable: EventKind;
}

const kindsOf = new WeakMap<Simulation, SchedulerKinds>();

export function schedulerKinds(simulation: Simulation): SchedulerKinds {
  let kinds = kindsOf.get(simulation);
  if (!kinds) {
    const define = (name: string, background = false) =>
      simulation.defineKind(name, (a, _, callback) => (callback as Callback)(a), { background });
    kinds = {
      cycle: define('scheduler/cycle'),
      cycleEnd: define('scheduler/cycle-end'),
      preBind: define('scheduler/pre-bind'),
      flushBackoff: define('scheduler/flush-backoff'),
      flushBackoffIdle: define('scheduler/flush-backoff-idle', true),
      flushUnschedulable: define('scheduler/flush-unschedulable', true),
    };
    kindsOf.set(simulation, kinds);
  }
  return kinds;
}
