import { describe, expect, it } from 'vitest';
import { deepEqual } from './deep-equal.ts';

describe('deepEqual', () => {
  it.each([
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: 1, creationTimestamp: null }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, creationTimestamp: null, b: undefined }, true],
    [{ a: 1 }, { a: 1, b: 0 }, false],
    [{ b: 0 }, {}, false],
  ])('%j and %j: %s', (a, b, expected) => {
    expect(deepEqual(a, b)).toBe(expected);
    expect(deepEqual(b, a)).toBe(expected);
  });
});
