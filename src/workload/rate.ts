// Rates as users write them: "5/s", "90/m", "120/h", "1000/d"; a bare number is per second.

const SECONDS_PER_UNIT = { s: 1, m: 60, h: 3600, d: 86400 } as const;
const SHAPE = /^(\d+\.?\d*|\.\d+)\s*\/\s*([smhd])$/;

/** Events per second. Throws a RangeError that says what is allowed. */
export function parseRatePerSec(text: string | number): number {
  if (typeof text === 'number' && Number.isFinite(text)) return text;
  const match = SHAPE.exec(String(text));
  if (!match) {
    throw new RangeError(
      `${JSON.stringify(text)} is not a rate: write a number per s, m, h or d, as in "120/h"`,
    );
  }
  return Number(match[1]) / SECONDS_PER_UNIT[match[2] as keyof typeof SECONDS_PER_UNIT];
}
