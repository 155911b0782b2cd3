import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Hash64, hashString } from './hash.ts';

function digestOf(...values: (number | string)[]): string {
  const hash = new Hash64();
  for (const value of values) {
    if (typeof value === 'string') hash.addString(value);
    else hash.addNumber(value);
  }
  return hash.digest();
}

test('a digest is sixteen hexadecimal digits and stays what it was in earlier versions', () => {
  expect(digestOf()).toMatch(/^[0-9a-f]{16}$/);
  expect(digestOf(1, 'pod', 2 ** 40)).toBe('6a3ad9d2517c7682');
});

test('different sequences give different digests', () => {
  const list = fc.oneof(
    fc.array(fc.maxSafeInteger(), { maxLength: 6 }),
    fc.array(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 6 }),
  );
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(digestOf(...a) === digestOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('order, sign, high bits and the split of strings all count', () => {
  const digests = [
    digestOf(1, 2),
    digestOf(2, 1),
    digestOf(-1, 2),
    digestOf(1 + 2 ** 32, 2),
    digestOf('ab', 'c'),
    digestOf('a', 'bc'),
    digestOf(),
    digestOf(0),
    digestOf(0, 0),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test('100,000 neighbouring integers do not collide, in either half', () => {
  const whole = new Set<string>();
  const low = new Set<string>();
  for (let i = 0; i < 100_000; i++) {
    const digest = digestOf(i);
    whole.add(digest);
    low.add(digest.slice(8));
  }
  expect(whole.size).toBe(100_000);
  expect(low.size).toBeGreaterThan(99_980);
});

test('asking for the digest changes nothing', () => {
  const hash = new Hash64();
  hash.addInt(7);
  expect(hash.digest()).toBe(hash.digest());
});

test('hashString gives whole numbers of 52 bits that tell names apart', () => {
  const names = Array.from({ length: 50_000 }, (_, i) => hashString(`default/pod-${i}`));
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
  expect(Math.max(...names)).toBeGreaterThan(2 ** 51);
});
