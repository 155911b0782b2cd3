import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareStrings } from './orders.ts';

test('orders strings as their UTF-8 bytes do', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('a code point beyond U+FFFF comes after U+FFFD, unlike in UTF-16', () => {
  expect(compareStrings('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
  expect(['b', 'a10', 'a9', 'B'].sort(compareStrings)).toEqual(['B', 'a10', 'a9', 'b']);
});
