import { expect, test } from 'vitest';
import { backoffUs, ItemBackoff } from './backoff.ts';

test('each failure doubles the wait up to the maximum, per item', () => {
  const backoff = new ItemBackoff(5_000, 60_000);
  expect([7, 7, 7, 7, 7, 7].map((item) => backoff.next(item))).toEqual([5e3, 10e3, 20e3, 40e3, 60e3, 60e3]);
  expect(backoff.next(2)).toBe(5_000);
  expect([backoff.nFailures(7), backoff.nFailures(2), backoff.nFailures(99)]).toEqual([6, 1, 0]);
});

test('a forgotten item starts anew', () => {
  const backoff = new ItemBackoff(1, 100);
  backoff.next(0);
  backoff.next(0);
  backoff.forget(0);
  backoff.forget(50);
  expect(backoff.next(0)).toBe(1);
});

test('many failures neither overflow nor take long, and a base above the maximum is cut', () => {
  expect(backoffUs(1, 1e15, 1e9)).toBe(1e15);
  expect(backoffUs(50, 20, 0)).toBe(20);
  const backoff = new ItemBackoff(1, 4);
  for (let i = 0; i < 70_000; i++) backoff.next(0);
  expect(backoff.next(0)).toBe(4);
});
