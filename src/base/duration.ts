// Durations as Go writes them ("1h30m", "1.5s", "100ms") as integer microseconds.
// Two units are added to Go's: "d" (24 h) and "w" (7 d). What is finer than a microsecond is rounded.

const US_PER_UNIT: Readonly<Record<string, number>> = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1e3,
  s: 1e6,
  m: 60e6,
  h: 3600e6,
  d: 86400e6,
  w: 7 * 86400e6,
};
const SHAPE = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|[smhdw]))+)$/;
const TERM = /([\d.]+)([a-zµμ]+)/g;

/** Reads a duration as whole microseconds. A bare number other than 0 has no unit and is refused, as in Go. Throws a RangeError. */
export function parseDurationUs(text: string | number): number {
  if (text === 0 || text === '0') return 0;
  const match = SHAPE.exec(String(text));
  if (!match) throw new RangeError(complaint(text));
  let us = 0;
  for (const [, amount, unit] of match[2]!.matchAll(TERM)) us += Number(amount) * US_PER_UNIT[unit!]!;
  const rounded = Math.round(us);
  if (!Number.isSafeInteger(rounded))
    throw new RangeError(`${JSON.stringify(text)} is too long for a duration`);
  return match[1] === '-' && rounded !== 0 ? -rounded : rounded;
}

function complaint(text: string | number): string {
  const hint = /^[+-]?\d+(\.\d+)?$/.test(String(text))
    ? `has no unit: write "${text}s" for seconds, or one of ns us ms s m h d w`
    : 'is not a duration: write a number and a unit (ns us ms s m h d w), as in "1h30m" or "1.5s"';
  return `${JSON.stringify(text)} ${hint}`;
}

/** The shortest exact text of whole microseconds, in Go's units: "1h30m", "2.5s", "100ms", "20us". */
export function formatDurationUs(us: number): string {
  if (us === 0) return '0s';
  if (us === Number.POSITIVE_INFINITY) return 'forever';
  if (us < 0) return `-${formatDurationUs(-us)}`;
  if (us < 1e3) return `${us}us`;
  if (us < 1e6) return `${us / 1e3}ms`;
  const hours = Math.floor(us / 3600e6);
  const minutes = Math.floor((us % 3600e6) / 60e6);
  const seconds = (us % 60e6) / 1e6;
  return (
    (hours > 0 ? `${hours}h` : '') + (minutes > 0 ? `${minutes}m` : '') + (seconds > 0 ? `${seconds}s` : '')
  );
}
