// SimKube traces (version 2, exported as JSON): which objects were applied to a cluster and which deleted, and when.
// Source: acrlabs/simkube, trace format version 2. Deviation: recorded pod lifecycles are not used; pods run until their
// owners stop them.

import { InputError } from '../../base/errors.ts';

export interface SimkubeEvent {
  /** Since the first event. */
  readonly atUs: number;
  readonly applied: readonly object[];
  readonly deleted: readonly SimkubeReference[];
}

export interface SimkubeReference {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface RawEvent {
  readonly ts?: unknown;
  readonly applied_objs?: unknown;
  readonly deleted_objs?: unknown;
}

/** @throws InputError for something else than a trace */
export function readSimkube(text: string, file: string): SimkubeEvent[] {
  const { events } = parsed(text, file) as { readonly events?: unknown };
  if (!Array.isArray(events) || events.length === 0)
    throw problem(file, 'this is no SimKube trace: it has no events');
  const startSec = secondsOf(events[0] as RawEvent, 0, file);
  return events.map((event: RawEvent, i) => ({
    atUs: (secondsOf(event, i, file) - startSec) * 1e6,
    applied: objectsOf(event.applied_objs),
    deleted: objectsOf(event.deleted_objs) as SimkubeReference[],
  }));
}

function parsed(text: string, file: string): object {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null) return data;
  } catch {
    // Said below.
  }
  throw problem(file, 'this is no JSON; sk-tool exports traces as JSON');
}

function secondsOf({ ts }: RawEvent, index: number, file: string): number {
  if (typeof ts === 'number' && Number.isInteger(ts)) return ts;
  throw problem(file, `events[${index}].ts: found ${JSON.stringify(ts)}, expected whole seconds`);
}

function objectsOf(list: unknown): object[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'object' && one !== null) : [];
}

function problem(file: string, message: string): InputError {
  return new InputError([{ file, message }]);
}
