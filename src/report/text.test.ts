import { describe, expect, it } from 'vitest';
import {
  bytesText,
  countText,
  durationText,
  numberText,
  percentText,
  plural,
  shortened,
  wrapped,
} from './text.ts';

const MINUTE = 60e6;

describe('texts for people', () => {
  it.each([
    [0, '0µs'],
    [999, '999µs'],
    [1000, '1ms'],
    [12_345, '12.3ms'],
    [999_400, '999ms'],
    [999_500, '1s'],
    [2_314_000, '2.31s'],
    [59_949_000, '59.9s'],
    [59_960_000, '1m'],
    [200e6, '3m20s'],
    [59.9999 * MINUTE, '1h'],
    [312 * MINUTE, '5h12m'],
    [24 * 60 * MINUTE, '1d'],
    [76 * 60 * MINUTE, '3d4h'],
  ])('a duration of %d µs is %s', (us, text) => {
    expect(durationText(us)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.125, '0.13'],
    [9.996, '10'],
    [12.34, '12.3'],
    [99.96, '100'],
    [999.4, '999'],
    [999.6, '1,000'],
    [1_234_567.8, '1,234,568'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('counts are grouped by thousands', () => {
    expect([0, 999, 1000, 12_345, 1_000_000].map(countText)).toEqual([
      '0',
      '999',
      '1,000',
      '12,345',
      '1,000,000',
    ]);
    expect([plural(1, 'pod'), plural(2000, 'pod'), plural(0, 'pod')]).toEqual([
      '1 pod',
      '2,000 pods',
      '0 pods',
    ]);
  });

  it('shares are percentages, and none is a dash', () => {
    expect([percentText(0.5234), percentText(1), percentText(null)]).toEqual(['52.3%', '100.0%', '-']);
  });

  it('bytes are in powers of 1024', () => {
    expect([100, 1536, 8 * 2 ** 30, 2 ** 60].map(bytesText)).toEqual([
      '100 bytes',
      '1.5 KiB',
      '8 GiB',
      '1,024 PiB',
    ]);
  });

  it('long texts are cut or broken at spaces', () => {
    expect([shortened('abcdef', 6), shortened('abcdef', 5)]).toEqual(['abcdef', 'abcd…']);
    expect(wrapped('aa bb cc dddddddd e', 5)).toEqual(['aa bb', 'cc', 'dddddddd', 'e']);
    expect(wrapped('', 5)).toEqual(['']);
  });
});
