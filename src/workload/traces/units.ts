// The units in which columns of foreign traces tell times, CPU and memory, and how each is read.

import { RowError } from '../../base/csv-line.ts';
import { parseDurationUs } from '../../base/duration.ts';
import { parseMilli, parseValue } from '../../base/quantity.ts';
import type { Column, Row } from './csv.ts';

/** Units of time columns; `duration` is Go notation ("1h30m"). */
export const DURATION_UNITS = ['us', 'ms', 's', 'm', 'h', 'd', 'duration'] as const;
/** Points in time may also be RFC 3339 timestamps ("2026-01-31T12:00:00Z"). */
export const TIME_UNITS = [...DURATION_UNITS, 'timestamp'] as const;
/** `quantity` is Kubernetes notation ("250m", "1.5Gi"). */
export const CPU_UNITS = ['cores', 'milli', 'quantity'] as const;
export const MEMORY_UNITS = ['bytes', 'kB', 'MB', 'GB', 'KiB', 'MiB', 'GiB', 'quantity'] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];
export type CpuUnit = (typeof CPU_UNITS)[number];
export type MemoryUnit = (typeof MEMORY_UNITS)[number];

const US_PER_UNIT = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86400e6 } as const;
const BYTES_PER_UNIT = {
  bytes: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
} as const;

/** Microseconds, rounded; timestamps count from 1970-01-01T00:00:00Z. */
export function readTimeUs(row: Row, column: Column, unit: TimeUnit): number {
  if (unit === 'timestamp') return guarded(column, () => parseTimestampUs(row.text(column)));
  if (unit !== 'duration') return Math.round(row.number(column) * US_PER_UNIT[unit]);
  return guarded(column, () => atLeastZero(parseDurationUs(row.text(column))));
}

/** Milli-CPU, rounded up. */
export function readCpuMilli(row: Row, column: Column, unit: CpuUnit): number {
  if (unit === 'quantity') return guarded(column, () => atLeastZero(parseMilli(row.text(column))));
  return Math.ceil(row.number(column) * (unit === 'cores' ? 1000 : 1));
}

/** Bytes, rounded up. */
export function readMemoryBytes(row: Row, column: Column, unit: MemoryUnit): number {
  if (unit === 'quantity') return guarded(column, () => atLeastZero(parseValue(row.text(column))));
  return Math.ceil(row.number(column) * BYTES_PER_UNIT[unit]);
}

function atLeastZero(value: number): number {
  if (value >= 0) return value;
  throw new RangeError('must not be negative');
}

function guarded(column: Column, read: () => number): number {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RowError(`${column.name}: ${error.message}`);
  }
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** An RFC 3339 timestamp as microseconds since 1970; own arithmetic because traces are read inside the engine. */
export function parseTimestampUs(text: string): number {
  const match = TIMESTAMP.exec(text);
  if (!match) throw new RangeError(`${JSON.stringify(text)} is not an RFC 3339 timestamp`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const nDays =
    month >= 1 && month <= 12 ? DAYS_IN_MONTH[month - 1]! + (month === 2 && isLeap(year) ? 1 : 0) : 0;
  if (day < 1 || day > nDays || hour > 23 || minute > 59 || second > 60) {
    throw new RangeError(`${JSON.stringify(text)} is not a date and time that exists`);
  }
  const offsetMinutes = (match[8] === '-' ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes;
  return (minutes * 60 + second) * 1e6 + Math.round(Number(match[7] ?? 0) * 1e6);
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 in the Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const before = year - 1;
  let days =
    before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719162;
  for (let m = 1; m < month; m++) days += DAYS_IN_MONTH[m - 1]! + (m === 2 && isLeap(year) ? 1 : 0);
  return days + day - 1;
}
