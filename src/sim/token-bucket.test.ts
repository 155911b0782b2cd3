import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a full bucket lets a burst through at once, then one request per interval, in order', () => {
  const bucket = new TokenBucket(5, 3);
  expect([0, 0, 0, 0, 0, 100_000].map((now) => bucket.reserve(now))).toEqual([
    0, 0, 0, 200_000, 400_000, 600_000,
  ]);
});

test('idle time refills it, but never beyond the burst', () => {
  const bucket = new TokenBucket(10, 2);
  bucket.reserve(0);
  bucket.reserve(0);
  expect(bucket.reserve(150_000)).toBe(150_000);
  expect(bucket.reserve(150_000)).toBe(200_000);
  expect([3600e6, 3600e6, 3600e6].map((now) => bucket.reserve(now))).toEqual([3600e6, 3600e6, 3600.1e6]);
});

test('a rate that does not divide a second does not drift', () => {
  const bucket = new TokenBucket(3, 1);
  const times = Array.from({ length: 3001 }, () => bucket.reserve(0));
  expect(times.slice(0, 4)).toEqual([0, 333_334, 666_667, 1_000_000]);
  expect(times.at(-1)).toBe(1_000_000_000);
});

test('agrees with exact token arithmetic in fractions', () => {
  const gaps = fc.array(fc.nat(2_000_000), { maxLength: 40 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 6 }),
      gaps,
      (rate, burst, list) => {
        const bucket = new TokenBucket(rate, burst);
        // The i-th grant (virtual scheduling): no earlier than asked, and the bucket's theoretical arrival times, in us * rate.
        let theoretical = -burst * 1_000_000;
        let now = 0;
        for (const gap of list) {
          now += gap;
          theoretical = Math.max(theoretical, now * rate - burst * 1_000_000) + 1_000_000;
          expect(bucket.reserve(now)).toBe(Math.max(now, Math.ceil(theoretical / rate)));
        }
      },
    ),
  );
});

test('who does not wait gets a token only if one is there', () => {
  const bucket = new TokenBucket(5, 2);
  expect([0, 0, 0, 199_999, 200_000, 200_000].map((now) => bucket.tryTake(now))).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
  ]);
});
