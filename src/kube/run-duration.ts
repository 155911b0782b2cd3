// How long the containers of a pod run once started: no field of Kubernetes' objects says it, so an annotation does.

import { parseDurationUs } from '../base/duration.ts';
import type { StringMap } from './types.ts';

export const RUN_DURATION = 'wavetank.io/run-duration';

const known = new WeakMap<StringMap, number | undefined>();

/** What is wrong with the text of the annotation, if anything is. */
export function runDurationComplaint(text: string): string | undefined {
  try {
    return parseDurationUs(text) > 0 ? undefined : 'must be longer than 0';
  } catch (error) {
    return (error as RangeError).message;
  }
}

/** In microseconds; undefined where the annotations do not say it, or nothing sensible. */
export function runDurationUs(annotations: StringMap | undefined): number | undefined {
  const text = annotations?.[RUN_DURATION];
  if (text === undefined) return undefined;
  if (!known.has(annotations!)) {
    known.set(annotations!, runDurationComplaint(text) === undefined ? parseDurationUs(text) : undefined);
  }
  return known.get(annotations!);
}
