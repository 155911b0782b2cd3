import { expect, test } from 'vitest';
import { assert, BugError, fail } from './assert.ts';

test('a condition that holds passes silently', () => {
  expect(() => assert(1 < 2, 'never')).not.toThrow();
});

test('a broken condition and fail() throw a BugError with the message', () => {
  expect(() => assert(1 > 2, 'order of integers')).toThrow(new BugError('order of integers'));
  expect(() => fail('unreachable')).toThrow(BugError);
});
