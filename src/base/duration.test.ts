import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDurationUs, parseDurationUs } from './duration.ts';

test.each<[string | number, number]>([
  ['0', 0],
  [0, 0],
  ['0s', 0],
  ['-0s', 0],
  ['1h30m', 5400e6],
  ['1.5s', 1_500_000],
  ['100ms', 100_000],
  ['2us', 2],
  ['2µs', 2],
  ['2μs', 2],
  ['1500ns', 2],
  ['.5m', 30e6],
  ['1.s', 1e6],
  ['-3s', -3e6],
  ['+3s', 3e6],
  ['2d', 2 * 86400e6],
  ['1w', 7 * 86400e6],
  ['1m1ms', 60_001_000],
])('%j is %d microseconds', (text, us) => {
  expect(parseDurationUs(text)).toBe(us);
});

test.each(['', '1', '1.5', 's', '1x', '1h 30m', '1H', '--1s', '.s', '1e3s', '400000w', 30])(
  '%j is refused',
  (text) => {
    expect(() => parseDurationUs(text)).toThrow(RangeError);
  },
);

test('a bare number is told which unit it lacks', () => {
  expect(() => parseDurationUs(30)).toThrow('30 has no unit: write "30s" for seconds');
});

test.each<[number, string]>([
  [0, '0s'],
  [5400e6, '1h30m'],
  [1_500_000, '1.5s'],
  [100_000, '100ms'],
  [1_500, '1.5ms'],
  [20, '20us'],
  [-20, '-20us'],
  [86_400e6, '24h'],
  [Number.POSITIVE_INFINITY, 'forever'],
])('%d microseconds are written %s', (us, text) => {
  expect(formatDurationUs(us)).toBe(text);
});

test('what is written reads back the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), (us) => {
      expect(parseDurationUs(formatDurationUs(us))).toBe(us);
    }),
  );
});
