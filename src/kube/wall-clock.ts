// Virtual time against the calendar: the API writes whole seconds (rounded down), and cron schedules hang on the date.
// Deviation: none; leap seconds do not exist in Kubernetes' clocks either.

import { InputError } from '../base/errors.ts';
import type { Timestamp } from './types.ts';

const US_PER_S = 1_000_000;

/** Days since 1970-01-01 to a civil date (proleptic Gregorian calendar). */
export function civil(days: number): readonly [year: number, month: number, day: number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * m + 2) / 5) + 1];
}

/** Days since 1970-01-01 of a civil date. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Microseconds since 1970 of an RFC 3339 instant; throws {@link InputError} on anything else. */
export function parseEpochUs(text: string): number {
  const match = RFC3339.exec(text);
  if (!match)
    throw new InputError(`${JSON.stringify(text)} is not an RFC 3339 time such as 2026-01-31T06:00:00Z`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fractionUs = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'));
  const zone = match[8] ? (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 60 + Number(match[10])) : 0;
  const minutes = daysOf(year, month, day) * 1440 + hour * 60 + minute - zone;
  return (minutes * 60 + second) * US_PER_S + fractionUs;
}

/** The calendar date of virtual time. */
export class WallClock {
  /** Microseconds since 1970 at virtual time 0. */
  readonly epochUs: number;

  constructor(epochUs = parseEpochUs('2026-01-05T00:00:00Z')) {
    this.epochUs = epochUs;
  }

  /** The instant as the API writes it: `2026-01-05T00:00:00Z`, cut to the second. */
  timestamp(atUs: number): Timestamp {
    const seconds = Math.floor((this.epochUs + atUs) / US_PER_S);
    const [year, month, day] = civil(Math.floor(seconds / 86_400));
    const ofDay = ((seconds % 86_400) + 86_400) % 86_400;
    const time = `${pad(Math.floor(ofDay / 3600))}:${pad(Math.floor(ofDay / 60) % 60)}:${pad(ofDay % 60)}`;
    return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${time}Z`;
  }

  /** The instant with its microseconds, as leases have it. */
  microTime(atUs: number): Timestamp {
    const us = (((this.epochUs + atUs) % US_PER_S) + US_PER_S) % US_PER_S;
    return `${this.timestamp(atUs).slice(0, -1)}.${pad(us, 6)}Z`;
  }

  /** Virtual time of an instant that the API wrote; may be negative (before the run). */
  parse(timestamp: Timestamp): number {
    return parseEpochUs(timestamp) - this.epochUs;
  }

  /** The last whole second of the calendar at or before `atUs`: what is left of an instant once the API has written it. */
  floorSecondUs(atUs: number): number {
    return Math.floor((this.epochUs + atUs) / US_PER_S) * US_PER_S - this.epochUs;
  }
}
