/** Checks of when things end: work that never does, actions after the end of the run. */
import { formatDurationUs } from '../base/duration.ts';
import type { LocatedObject } from '../kube/read-manifests.ts';
import type { LoadContext } from './load-context.ts';
import type { ObjectSet } from './object-set.ts';
import { type SoundParts, untilUsOf } from './sound-parts.ts';
import type { ReadAction } from './timeline.ts';

/** What stands after the end of the run is a mistake, unless the file itself lets the run go on till then. */
export function checkActionTimes(
  { untilUs }: SoundParts,
  actions: readonly ReadAction[],
  unedited: unknown,
  context: LoadContext,
): void {
  const ownUntilUs = untilUsOf(unedited);
  if (untilUs === undefined || ownUntilUs === undefined) return;
  const endUs = Math.max(untilUs, ownUntilUs);
  for (const { action, path } of actions) {
    if (action.atUs <= endUs) continue;
    context.add([...path.slice(0, 2), 'at'], `the run ends before, at ${formatDurationUs(endUs)} (until)`);
  }
}

/** Without `until` everything must come to an end by itself. */
export function checkEnd(
  { workload, untilUs }: SoundParts,
  sets: readonly ObjectSet[],
  context: LoadContext,
): void {
  if (untilUs !== Number.POSITIVE_INFINITY) return;
  for (const [i, entry] of workload.entries()) {
    if (entry && 'generator' in entry && entry.end === undefined && entry.limit === undefined) {
      const message =
        'a generator without end and limit never stops: give one of them, or until to the scenario';
      context.add(['workload', i, 'generator'], message);
    }
  }
  for (const { object, file, line, column } of cronJobs(sets)) {
    const message = `CronJob "${object.metadata.name}" never stops: give until to the scenario`;
    context.problems.push({ file, line, column, message });
  }
}

function cronJobs(sets: readonly ObjectSet[]): LocatedObject[] {
  return sets.flatMap(({ others }) => others.filter(({ object }) => object.kind === 'CronJob'));
}
