// Offsets of named time zones from UTC, for CronJobs' timeZone. The zones come with the JavaScript engine, so a run
// that names one depends on the engine's copy of the time zone database; UTC depends on nothing.

import { UTC, type UtcOffset } from './cron.ts';
import { daysOf } from './wall-clock.ts';

const US_PER_S = 1_000_000;

/** The offset of a zone of the IANA database such as `Europe/Berlin`; throws a RangeError on an unknown name. */
export function timeZoneOffset(name: string): UtcOffset {
  if (name === 'UTC' || name === 'Etc/UTC') return UTC;
  if (name === '' || name.toLowerCase() === 'local')
    throw new RangeError(`unknown time zone ${JSON.stringify(name)}`);
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new RangeError(`unknown time zone ${JSON.stringify(name)}`);
  }
  return (epochUs) => {
    const seconds = Math.floor(epochUs / US_PER_S);
    const parts = new Map(
      format.formatToParts(seconds * 1000).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
    const days = daysOf(part('year'), part('month'), part('day'));
    const local = days * 86_400 + part('hour') * 3600 + part('minute') * 60 + part('second');
    return (local - seconds) * US_PER_S;
  };
}
