// Objectives as users write them: `pods.pending <= 0`, `latency.scheduling.p99 <= 5s`, `utilization.cpu.max <= 80%`.

import { parseDurationUs } from '../../base/duration.ts';
import { InputError } from '../../base/errors.ts';
import type { Objective } from '../../experiment/objectives.ts';

const FORM = /^\s*([\w./-]+)\s*(<=|>=)\s*(\S+)\s*(in every run|in the mean)?\s*$/;
const EXPECTED = 'expected METRIC <= VALUE or METRIC >= VALUE, as in "latency.scheduling.p99 <= 5s"';

/** Counts of pods hold in every run if nothing else is said: a mean of 0.4 pending pods is no answer. */
const COUNTED = /^(pods|queue|survive)\./;

/** `isOneRun`: there is but one replication, so there is no spread to judge a mean by. @throws InputError */
export function parseObjective(text: string, isOneRun: boolean): Objective {
  const [, metric, operator, value, over] = FORM.exec(text) ?? [];
  if (metric === undefined) throw new InputError(`objective: found "${text}", ${EXPECTED}`);
  const isEvery = over === undefined ? isOneRun || COUNTED.test(metric) : over === 'in every run';
  return {
    metric,
    operator: operator as '<=' | '>=',
    bound: boundOf(value!, text),
    over: isEvery ? 'every' : 'mean',
  };
}

function boundOf(value: string, text: string): number {
  const [, number, percent] = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(value) ?? [];
  if (number !== undefined) return percent === '%' ? Number(number) / 100 : Number(number);
  try {
    return parseDurationUs(value) / 1e6;
  } catch {
    throw new InputError(`objective: found "${text}", ${EXPECTED}`);
  }
}
