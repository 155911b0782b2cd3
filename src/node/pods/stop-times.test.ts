import { describe, expect, it } from 'vitest';
import { type StopRequest, stopTime } from './stop-times.ts';

const S = 1_000_000;
const NEVER = Infinity;

interface Row {
  readonly name: string;
  /** Seconds. */
  readonly grace?: number;
  readonly override?: number;
  readonly preStop?: number;
  readonly shutdown: number;
  readonly turn?: number;
  readonly expect: readonly [exit: number, code: number];
}

const ROWS: Row[] = [
  { name: 'ends when it has shut down', shutdown: 5, expect: [105, 0] },
  { name: 'is killed when the grace period is over', shutdown: NEVER, expect: [130, 137] },
  { name: 'that needs exactly the grace period ends by itself', shutdown: 30, expect: [130, 0] },
  { name: 'gets SIGTERM after its preStop hook', preStop: 10, shutdown: 5, expect: [115, 0] },
  { name: 'has the hook taken off its grace period', preStop: 10, shutdown: NEVER, expect: [130, 137] },
  {
    name: 'has only whole seconds of the hook taken off',
    preStop: 9.7,
    shutdown: NEVER,
    expect: [130.7, 137],
  },
  {
    name: 'with a hook longer than its grace period still gets two seconds',
    preStop: 60,
    shutdown: NEVER,
    expect: [132, 137],
  },
  { name: 'with a grace period of one second gets two', grace: 1, shutdown: NEVER, expect: [102, 137] },
  {
    name: 'with no grace period skips its hook and gets two seconds',
    grace: 0,
    preStop: 5,
    shutdown: NEVER,
    expect: [102, 137],
  },
  {
    name: 'that is evicted gets the one second of a hard eviction',
    override: 1,
    shutdown: NEVER,
    expect: [101, 137],
  },
  { name: 'that is evicted without any grace is killed', override: 0, shutdown: 0, expect: [100, 137] },
  { name: 'that waits for its turn gets SIGTERM then', turn: 112, shutdown: 3, expect: [115, 0] },
  { name: 'has its waiting taken off its grace period', turn: 112, shutdown: NEVER, expect: [130, 137] },
  { name: 'runs its hook while it waits', turn: 112, preStop: 4, shutdown: 3, expect: [115, 0] },
  {
    name: 'whose turn never comes is killed two seconds after its grace period',
    turn: NEVER,
    shutdown: NEVER,
    expect: [132, 137],
  },
];

describe('a container that is told to stop at 100 s with 30 s of grace', () => {
  it.each(ROWS)('$name', ({ grace = 30, override, preStop = 0, shutdown, turn = 0, expect: expected }) => {
    const request: StopRequest = {
      nowUs: 100 * S,
      graceSeconds: grace,
      overrideSeconds: override,
      preStopUs: preStop * S,
      shutdownUs: shutdown * S,
      turnUs: turn * S,
    };
    const { exitUs, exitCode } = stopTime(request);
    expect([exitUs / S, exitCode]).toEqual(expected);
  });
});
