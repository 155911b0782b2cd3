// The order of events and the queue that keeps it. Every implementation passes the same conformance tests.
// An event's key is (time, order): order = priority class * 2^45 + sequence, so that no two keys are equal.

/** Pending items by (timeUs, order), smallest first. Items are small integers, each in the queue at most once. */
export interface EventQueue {
  readonly size: number;
  /** The time of the first item, Infinity when there is none. */
  readonly topTimeUs: number;
  /** The order of the first item, Infinity when there is none. */
  readonly topOrder: number;
  /** Adds an item under a key that no pending item has. */
  push(timeUs: number, order: number, item: number): void;
  /** Takes out the first item; the queue must not be empty. */
  pop(): number;
}

/** Priority classes are 0 (first) to 255. */
export const N_PRIORITIES_MAX = 256;

/** The step from one priority class to the next: leaves 2^45 sequence numbers and stays exact in a double. */
export const PRIORITY_STEP = 2 ** 45;
