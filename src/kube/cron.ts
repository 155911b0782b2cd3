// Cron schedules of CronJobs: five fields, names of months and days, @hourly and the like, @every.
// Source: robfig/cron v3 ParseStandard, which the CronJob controller uses: Sunday is 0 and never 7; a day must match
// both day fields unless neither is `*`, when either is enough; `*/n` is not `*`. An hour that the clock skips has no
// run, one that it repeats has two.

import { parseDurationUs } from '../base/duration.ts';
import { civil, daysOf } from './wall-clock.ts';

const US_PER_S = 1_000_000;
const US_PER_MINUTE = 60 * US_PER_S;
const US_PER_HOUR = 60 * US_PER_MINUTE;
const US_PER_DAY = 24 * US_PER_HOUR;
const YEARS_MAX = 5;

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

/** Matching values of one field; `isStar` for `*` and `?` without a step. */
interface CronField {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

export type CronSchedule =
  | { readonly everyUs: number }
  | {
      readonly minute: CronField;
      readonly hour: CronField;
      readonly dayOfMonth: CronField;
      readonly month: CronField;
      readonly dayOfWeek: CronField;
    };

/** Microseconds to add to an instant (microseconds since 1970 UTC) to get local time. */
export type UtcOffset = (epochUs: number) => number;
export const UTC: UtcOffset = () => 0;

const FIELDS = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'dayOfMonth', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'dayOfWeek', min: 0, max: 6, names: DAYS },
] as const;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function parseNumber(text: string, field: (typeof FIELDS)[number]): number {
  const named = (field.names as readonly string[]).indexOf(text.toLowerCase());
  if (named >= 0) return named + field.min;
  if (!/^\d+$/.test(text)) throw new RangeError(`failed to parse int from ${JSON.stringify(text)}`);
  return Number(text);
}

/** One comma-separated part: `*`, `5`, `1-5`, each with an optional `/step`. */
function parseRange(text: string, field: (typeof FIELDS)[number], into: Set<number>): boolean {
  const [range = '', stepText, ...tooMany] = text.split('/');
  const bounds = range.split('-');
  if (tooMany.length > 0) throw new RangeError(`too many slashes: ${JSON.stringify(text)}`);
  if (bounds.length > 2) throw new RangeError(`too many hyphens: ${JSON.stringify(text)}`);
  const isStar = range === '*' || range === '?';
  const start = isStar ? field.min : parseNumber(bounds[0]!, field);
  let end = isStar ? field.max : parseNumber(bounds.at(-1)!, field);
  const step = stepText === undefined ? 1 : parseNumber(stepText, { ...FIELDS[0] });
  if (stepText !== undefined && !isStar && bounds.length === 1) end = field.max;
  if (start < field.min)
    throw new RangeError(`beginning of range (${start}) below minimum (${field.min}): ${text}`);
  if (end > field.max) throw new RangeError(`end of range (${end}) above maximum (${field.max}): ${text}`);
  if (start > end)
    throw new RangeError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new RangeError(`step of range should be a positive number: ${text}`);
  for (let value = start; value <= end; value += step) into.add(value);
  return isStar && step === 1;
}

function parseField(text: string, field: (typeof FIELDS)[number]): CronField {
  const values = new Set<number>();
  let isStar = false;
  for (const part of text.split(',')) if (part !== '') isStar = parseRange(part, field, values) || isStar;
  return { values, isStar };
}

/** Reads a schedule; throws a RangeError that says what is wrong with it. */
export function parseCron(text: string): CronSchedule {
  const trimmed = text.trim();
  if (trimmed === '') throw new RangeError('empty spec string');
  if (/^(CRON_)?TZ=/.test(trimmed))
    throw new RangeError('cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
  if (trimmed.startsWith('@every ')) {
    const everyUs = parseDurationUs(trimmed.slice('@every '.length).trim());
    return { everyUs: Math.max(US_PER_S, Math.floor(everyUs / US_PER_S) * US_PER_S) };
  }
  if (trimmed.startsWith('@') && !DESCRIPTORS[trimmed])
    throw new RangeError(`unrecognized descriptor: ${trimmed}`);
  const parts = (DESCRIPTORS[trimmed] ?? trimmed).split(/\s+/);
  if (parts.length !== 5)
    throw new RangeError(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = FIELDS.map((field, i) => parseField(parts[i]!, field));
  return { minute: minute!, hour: hour!, dayOfMonth: dayOfMonth!, month: month!, dayOfWeek: dayOfWeek! };
}

/** The instant of a local time, given an instant nearby. */
function fromLocal(localUs: number, nearUs: number, offset: UtcOffset): number {
  const guess = localUs - offset(nearUs);
  return localUs - offset(guess);
}

/**
 * The first run after an instant, both in microseconds since 1970 UTC; undefined if there is none within five years
 * (30 February). Whole minutes; with @every whole seconds.
 */
export function nextAfterUs(
  schedule: CronSchedule,
  afterUs: number,
  offset: UtcOffset = UTC,
): number | undefined {
  if ('everyUs' in schedule) return Math.floor(afterUs / US_PER_S) * US_PER_S + schedule.everyUs;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = schedule;
  let at = (Math.floor(afterUs / US_PER_MINUTE) + 1) * US_PER_MINUTE;
  const lastUs = at + (YEARS_MAX + 1) * 366 * US_PER_DAY;
  while (at <= lastUs) {
    const local = at + offset(at);
    const days = Math.floor(local / US_PER_DAY);
    const [y, m, d] = civil(days);
    const isDay = { month: dayOfMonth.values.has(d), week: dayOfWeek.values.has((((days + 4) % 7) + 7) % 7) };
    const isEither = !dayOfMonth.isStar && !dayOfWeek.isStar;
    const ofDay = local - days * US_PER_DAY;
    if (!month.values.has(m)) {
      const first = m === 12 ? daysOf(y + 1, 1, 1) : daysOf(y, m + 1, 1);
      at = Math.max(at + US_PER_MINUTE, fromLocal(first * US_PER_DAY, at, offset));
    } else if (isEither ? !(isDay.month || isDay.week) : !(isDay.month && isDay.week)) {
      at = Math.max(at + US_PER_MINUTE, fromLocal((days + 1) * US_PER_DAY, at, offset));
    } else if (!hour.values.has(Math.floor(ofDay / US_PER_HOUR))) at += US_PER_HOUR - (ofDay % US_PER_HOUR);
    else if (!minute.values.has(Math.floor(ofDay / US_PER_MINUTE) % 60)) at += US_PER_MINUTE;
    else return at;
  }
  return undefined;
}
