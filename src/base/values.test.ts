import { expect, it } from 'vitest';
import { foundText, isRecord } from './values.ts';

it.each([
  [undefined, 'nothing'],
  [null, 'nothing'],
  [[], 'an empty list'],
  [[1], 'a list'],
  [{}, 'a mapping'],
  ['a', '"a"'],
  [1.5, '1.5'],
  [Number.POSITIVE_INFINITY, 'null'],
  ['x'.repeat(100), `"${'x'.repeat(59)}…`],
])('calls %j %s', (value, text) => expect(foundText(value)).toBe(text));

it('knows mappings from lists, nothing and plain values', () => {
  expect([{}, { a: 1 }].every(isRecord)).toBe(true);
  expect([[], null, undefined, 'a', 1].some(isRecord)).toBe(false);
});
