// When a generator works and how many pods it may send.

import { parseDurationUs } from '../base/duration.ts';
import type { GeneratorSpec } from './generator.schema.ts';

export interface Span {
  readonly startUs: number;
  readonly endUs: number;
  readonly nPodsMax: number;
}

/** Without an end and a limit a generator never stops. */
export function spanOf(spec: GeneratorSpec): Span {
  return {
    startUs: parseDurationUs(spec.start ?? 0),
    endUs: spec.end === undefined ? Number.POSITIVE_INFINITY : parseDurationUs(spec.end),
    nPodsMax: spec.limit ?? Number.POSITIVE_INFINITY,
  };
}
