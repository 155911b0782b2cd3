// Figures as users write them in a scenario: Go durations, Kubernetes quantities, rates. Checked here and kept as
// text, so that a scenario stays plain data (its digest and its sweeps see what the user wrote).

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import { parseRatePerSec } from './rate.ts';

/** A string or number that `parse` must accept, with a result of at least `min`. */
function notation(parse: (text: string | number) => number, min: number, tooSmall: string) {
  return z.union([z.string(), z.number()]).superRefine((value, context) => {
    const message = faultOf(() => parse(value) >= min, `found ${JSON.stringify(value)}, ${tooSmall}`);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

function faultOf(isLargeEnough: () => boolean, tooSmall: string): string | undefined {
  try {
    return isLargeEnough() ? undefined : tooSmall;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** A span of time of at least 0, as in "1h30m", "1.5s", "100ms", "2d". */
export const durationText = notation(parseDurationUs, 0, 'expected a duration that is not negative');
/** A span of time of at least 1 microsecond. */
export const positiveDurationText = notation(parseDurationUs, 1, 'expected a duration greater than 0');
/** CPU as a Kubernetes quantity, as in "500m" or 2. */
export const cpuText = notation(parseMilli, 0, 'expected CPU that is not negative');
/** Memory as a Kubernetes quantity of bytes, as in "512Mi" or "2G". */
export const memoryText = notation(parseValue, 0, 'expected memory that is not negative');
/** Bytes per second. */
export const bandwidthText = notation(parseValue, 1, 'expected a bandwidth greater than 0');
/** Events per time, as in "5/s", "120/h", or a number per second. */
export const rateText = notation(parseRatePerSec, Number.MIN_VALUE, 'expected a rate greater than 0');
