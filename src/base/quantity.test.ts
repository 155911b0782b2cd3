import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatQuantity, parseMilli, parseQuantity, parseValue, quantityMilli } from './quantity.ts';

test.each<[string | number, number, number]>([
  // text, value, milli
  ['0', 0, 0],
  ['100m', 1, 100],
  ['0.1', 1, 100],
  [0.1, 1, 100],
  [2, 2, 2000],
  ['1.5', 2, 1500],
  ['-1.5', -2, -1500],
  ['+3', 3, 3000],
  ['1n', 1, 1],
  ['-1n', -1, -1],
  ['1u', 1, 1],
  ['0.0001n', 1, 1],
  ['1001u', 1, 2],
  ['1k', 1000, 1e6],
  ['1Ki', 1024, 1024e3],
  ['1.5Gi', 1.5 * 2 ** 30, 1.5 * 2 ** 30 * 1000],
  ['0.5Ki', 512, 512e3],
  ['0.1Ki', 103, 102400],
  ['1M', 1e6, 1e9],
  ['1E', 1e18, 2 ** 63],
  ['1E3', 1000, 1e6],
  ['1e3', 1000, 1e6],
  ['1e-3', 1, 1],
  ['12e-1', 2, 1200],
  ['1.G', 1e9, 1e12],
  ['.5', 1, 500],
  ['007', 7, 7000],
  ['1e+21', 2 ** 63, 2 ** 63],
  ['1e999999999999', 2 ** 63, 2 ** 63],
  ['1e-999999999999', 1, 1],
  ['0e999999999999', 0, 0],
  ['+', 0, 0],
])('%j has value %d and %d thousandths', (text, value, milli) => {
  expect(parseValue(text)).toBe(value);
  if (Math.abs(milli) < 1e16) expect(parseMilli(text)).toBe(milli);
});

test.each([
  '',
  ' 1',
  '1 ',
  '1K',
  '1ki',
  '1mi',
  'abc',
  '1.2.3',
  '1e',
  '--1',
  '1Gib',
  '1m3',
  '٣',
  'NaN',
  '1,5',
])('%j is refused with the text in the message', (text) => {
  expect(() => parseQuantity(text)).toThrow(RangeError);
  expect(() => parseQuantity(text)).toThrow(JSON.stringify(text));
});

test('the family of suffixes is remembered', () => {
  expect(['1', '1Mi', '1e3'].map((text) => parseQuantity(text).format)).toEqual([
    'DecimalSI',
    'BinarySI',
    'DecimalExponent',
  ]);
});

describe('properties', () => {
  const integer = fc.integer({ min: -(10 ** 12), max: 10 ** 12 });
  test('what formatQuantity writes parses to the same amount', () => {
    fc.assert(
      fc.property(integer, (n) => {
        expect(quantityMilli(parseQuantity(formatQuantity(n, 'cpu')))).toBe(n);
        expect(parseValue(formatQuantity(n * 512, 'bytes'))).toBe(n * 512);
        expect(parseValue(formatQuantity(n, 'count'))).toBe(n);
      }),
    );
  });

  test('a decimal point moved by a suffix changes nothing', () => {
    fc.assert(
      fc.property(integer, fc.constantFrom('n', 'u', 'm', '', 'k'), (n, suffix) => {
        const exponent = { n: -9, u: -6, m: -3, '': 0, k: 3 }[suffix]!;
        expect(parseQuantity(`${n}${suffix}`).nano).toBe(parseQuantity(`${n}e${exponent}`).nano);
      }),
    );
  });
});

test.each<[number, 'cpu' | 'bytes' | 'count', string]>([
  [1500, 'cpu', '1500m'],
  [2000, 'cpu', '2'],
  [1536 * 2 ** 20, 'bytes', '1536Mi'],
  [2 ** 30, 'bytes', '1Gi'],
  [1000, 'bytes', '1000'],
  [0, 'bytes', '0'],
  [110, 'count', '110'],
])('%d as %s is written %s', (value, kind, text) => {
  expect(formatQuantity(value, kind)).toBe(text);
});
