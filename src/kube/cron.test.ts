import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextAfterUs, parseCron } from './cron.ts';
import { timeZoneOffset } from './time-zone.ts';
import { parseEpochUs, WallClock } from './wall-clock.ts';

const clock = new WallClock(0);

function next(schedule: string, after: string, zone = 'UTC'): string | undefined {
  const at = nextAfterUs(parseCron(schedule), parseEpochUs(after), timeZoneOffset(zone));
  return at === undefined ? undefined : clock.timestamp(at);
}

describe('the next run', () => {
  const cases: [string, string, string, string | undefined][] = [
    ['every minute', '* * * * *', '2026-01-05T00:00:00Z', '2026-01-05T00:01:00Z'],
    ['within a minute', '* * * * *', '2026-01-05T00:00:59.9Z', '2026-01-05T00:01:00Z'],
    ['is never the instant itself', '0 0 * * *', '2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'],
    ['steps', '*/15 * * * *', '2026-01-05T00:46:00Z', '2026-01-05T01:00:00Z'],
    ['a step from a number', '5/20 * * * *', '2026-01-05T00:26:00Z', '2026-01-05T00:45:00Z'],
    ['lists and ranges', '0 9-10,17 * * *', '2026-01-05T10:00:00Z', '2026-01-05T17:00:00Z'],
    ['names', '30 6 * jul mon', '2026-01-05T00:00:00Z', '2026-07-06T06:30:00Z'],
    ['over the end of a year', '0 0 1 1 *', '2026-01-05T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['29 February waits for a leap year', '0 0 29 2 *', '2026-01-05T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['30 February never comes', '0 0 30 2 *', '2026-01-05T00:00:00Z', undefined],
    [
      'either day field is enough when both are given',
      '0 0 13 * fri',
      '2026-02-01T00:00:00Z',
      '2026-02-06T00:00:00Z',
    ],
    ['both must match when one is a star', '0 0 * * fri', '2026-02-01T00:00:00Z', '2026-02-06T00:00:00Z'],
    ['a stepped star is no star', '0 0 */10 * sun', '2026-01-05T00:00:00Z', '2026-01-11T00:00:00Z'],
    ['@hourly', '@hourly', '2026-01-05T00:20:00Z', '2026-01-05T01:00:00Z'],
    ['@weekly', '@weekly', '2026-01-05T00:20:00Z', '2026-01-11T00:00:00Z'],
    ['@every from the whole second', '@every 1m30s', '2026-01-05T00:00:00.7Z', '2026-01-05T00:01:30Z'],
  ];
  test.each(cases)('%s', (_, schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });
});

describe('time zones', () => {
  const cases: [string, string, string, string, string][] = [
    ['a morning in winter', '0 9 * * *', '2026-01-05T00:00:00Z', 'Europe/Berlin', '2026-01-05T08:00:00Z'],
    ['a morning in summer', '0 9 * * *', '2026-07-05T00:00:00Z', 'Europe/Berlin', '2026-07-05T07:00:00Z'],
    ['a zone half an hour off', '0 0 * * *', '2026-01-05T00:00:00Z', 'Asia/Kolkata', '2026-01-05T18:30:00Z'],
    [
      'a skipped hour has no run',
      '30 2 * * *',
      '2026-03-28T12:00:00Z',
      'Europe/Berlin',
      '2026-03-30T00:30:00Z',
    ],
    [
      'a repeated hour runs first',
      '30 2 * * *',
      '2026-10-24T12:00:00Z',
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
    ],
    ['and once more', '30 2 * * *', '2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T01:30:00Z'],
    [
      'midnight after the clock changed',
      '0 0 1 * *',
      '2026-03-15T12:00:00Z',
      'Europe/Berlin',
      '2026-03-31T22:00:00Z',
    ],
  ];
  test.each(cases)('%s', (_, schedule, after, zone, expected) => {
    expect(next(schedule, after, zone)).toBe(expected);
  });

  test.each(['', 'Local', 'Mars/Olympus'])('%j is no time zone', (zone) => {
    expect(() => timeZoneOffset(zone)).toThrow('unknown time zone');
  });
});

test('agrees with looking at every minute', () => {
  const number = (min: number, max: number) => fc.integer({ min, max }).map(String);
  const part = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      number(min, max),
      number(2, 9).map((n) => `*/${n}`),
    );
  const start = parseEpochUs('2026-01-05T00:00:00Z');
  fc.assert(
    fc.property(
      part(0, 59),
      part(0, 23),
      part(1, 28),
      part(0, 6),
      fc.nat(20_000),
      (minute, hour, day, week, minutes) => {
        const matches = (text: string, value: number, min: number) =>
          text === '*' ||
          (text.startsWith('*/') ? (value - min) % Number(text.slice(2)) === 0 : value === Number(text));
        const isDay = (date: Date) => {
          const both = [matches(day, date.getUTCDate(), 1), matches(week, date.getUTCDay(), 0)];
          return day !== '*' && week !== '*' ? both.includes(true) : !both.includes(false);
        };
        let expected = start + (minutes + 1) * 60e6;
        for (; ; expected += 60e6) {
          const date = new Date(expected / 1000);
          if (isDay(date) && matches(hour, date.getUTCHours(), 0) && matches(minute, date.getUTCMinutes(), 0))
            break;
        }
        expect(nextAfterUs(parseCron(`${minute} ${hour} ${day} * ${week}`), start + minutes * 60e6)).toBe(
          expected,
        );
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  ['', 'empty spec string'],
  ['* * * *', 'expected exactly 5 fields, found 4'],
  ['60 * * * *', 'end of range (60) above maximum (59)'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1)'],
  ['* * * * 7', 'end of range (7) above maximum (6)'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1)'],
  ['*/0 * * * *', 'step of range should be a positive number'],
  ['a * * * *', 'failed to parse int from "a"'],
  ['1/2/3 * * * *', 'too many slashes'],
  ['1-2-3 * * * *', 'too many hyphens'],
  ['@often', 'unrecognized descriptor: @often'],
  ['TZ=UTC * * * * *', 'use timeZone field instead'],
])('%j is refused: %s', (schedule, reason) => {
  expect(() => parseCron(schedule)).toThrow(reason);
});
