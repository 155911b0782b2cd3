import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Row } from './csv.ts';
import {
  type CpuUnit,
  type MemoryUnit,
  parseTimestampUs,
  readCpuMilli,
  readMemoryBytes,
  readTimeUs,
  type TimeUnit,
} from './units.ts';

const column = { name: 'c', index: 0 };
const row = (text: string): Row => Object.assign(new Row(), { fields: [text] });

describe('units of trace columns', () => {
  it.each<[TimeUnit, string, number]>([
    ['us', '7', 7],
    ['ms', '1.5', 1500],
    ['s', '2', 2e6],
    ['m', '1', 60e6],
    ['h', '0.5', 1800e6],
    ['d', '1', 86400e6],
    ['duration', '1h30m', 5400e6],
    ['timestamp', '1970-01-02T00:00:00Z', 86400e6],
  ])('reads time in %s', (unit, text, us) => expect(readTimeUs(row(text), column, unit)).toBe(us));

  it.each<[CpuUnit, string, number]>([
    ['cores', '0.5', 500],
    ['milli', '250.2', 251],
    ['quantity', '1500m', 1500],
  ])('reads CPU in %s, rounded up', (unit, text, milli) =>
    expect(readCpuMilli(row(text), column, unit)).toBe(milli),
  );

  it.each<[MemoryUnit, string, number]>([
    ['bytes', '10', 10],
    ['MB', '1.5', 1_500_000],
    ['GiB', '2', 2 ** 31],
    ['quantity', '1.5Gi', 1.5 * 2 ** 30],
  ])('reads memory in %s', (unit, text, bytes) =>
    expect(readMemoryBytes(row(text), column, unit)).toBe(bytes),
  );

  it('refuses negative figures in every notation, naming the column', () => {
    expect(() => readCpuMilli(row('-1'), column, 'quantity')).toThrow('c: must not be negative');
    expect(() => readTimeUs(row('-1s'), column, 'duration')).toThrow('c: must not be negative');
    expect(() => readMemoryBytes(row('-1'), column, 'bytes')).toThrow('c: found "-1"');
  });
});

describe('parseTimestampUs', () => {
  it('agrees with the platform for every instant of 1970 to 2100', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-12-31'), noInvalidDate: true }), (date) => {
        expect(parseTimestampUs(date.toISOString())).toBe(date.getTime() * 1000);
      }),
    );
  });

  it.each(['2026-03-01T10:00:00+02:30', '2024-02-29T23:59:59-11:00', '1999-12-31T23:59:59.125Z'])(
    'understands the zone and fraction of %s',
    (text) => expect(parseTimestampUs(text)).toBe(Date.parse(text) * 1000),
  );

  it.each(['2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01', 'now'])(
    'refuses %s',
    (text) => expect(() => parseTimestampUs(text)).toThrow(RangeError),
  );
});
