/** Numbers and durations for people to read; the same everywhere, whatever the machine's locale. */

/** `12345` becomes `12,345`. */
export function countText(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `3 pods`, `1 pod`. */
export function plural(n: number, noun: string): string {
  return `${countText(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** At most three significant digits below 1,000, whole numbers with separators above. */
export function numberText(value: number): string {
  if (Math.abs(value) >= 999.5) return countText(Math.round(value));
  const digits = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** `0.5234` becomes `52.3%`. */
export function percentText(ratio: number | null): string {
  return ratio === null ? '-' : `${(ratio * 100).toFixed(1)}%`;
}

/** `850µs`, `12.3ms`, `2.31s`, `3m20s`, `5h12m`, `3d4h`. */
export function durationText(us: number): string {
  if (us < 1e3) return `${Math.round(us)}µs`;
  if (us < 999_500) return `${numberText(us / 1e3)}ms`;
  if (us < 59_950_000) return `${numberText(us / 1e6)}s`;
  const totalSeconds = Math.round(us / 1e6);
  const [days, hours, minutes, seconds] = [
    Math.floor(totalSeconds / 86_400),
    Math.floor(totalSeconds / 3600) % 24,
    Math.floor(totalSeconds / 60) % 60,
    totalSeconds % 60,
  ] as const;
  if (days > 0) return hours > 0 ? `${days}d${hours}h` : `${days}d`;
  if (hours > 0) return minutes > 0 ? `${hours}h${minutes}m` : `${hours}h`;
  return seconds > 0 ? `${minutes}m${seconds}s` : `${minutes}m`;
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${numberText(value)} ${BYTE_UNITS[unit]}`;
}

/** Cuts a text to `width` characters with an ellipsis. */
export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** Breaks a text at spaces into lines of at most `width` characters, longer words excepted. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
