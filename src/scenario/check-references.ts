/**
 * Checks across the parts of a scenario: priority classes that pods name, work that never ends, actions after the end,
 * a cluster without any node.
 */

import { formatDurationUs } from '../base/duration.ts';
import { foundText } from '../base/values.ts';
import type { LocatedObject } from '../kube/read-manifests.ts';
import type { KubeObject } from '../kube/types.ts';
import { formatPath } from '../kube/validate.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { ObjectSet } from './object-set.ts';
import { type SoundParts, untilUsOf } from './sound-parts.ts';
import type { ReadAction } from './timeline.ts';
import { hint } from './wording.ts';

const BUILT_IN_CLASSES = ['system-cluster-critical', 'system-node-critical'];
const TEMPLATE = ['spec', 'template', 'spec'];
const POD_SPECS: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  Deployment: TEMPLATE,
  ReplicaSet: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ['spec', 'jobTemplate', ...TEMPLATE],
};

/** Every priority class that a pod names must be there: the API server would refuse the pod. */
export function checkPriorityClasses(
  workload: SoundParts['workload'],
  sets: readonly ObjectSet[],
  context: LoadContext,
): void {
  const objects = sets.flatMap(({ others }) => others);
  const names = new Set([
    ...BUILT_IN_CLASSES,
    ...sets.flatMap(({ keys }) => [...keys].flatMap(priorityClassName)),
  ]);
  const problemOf = (name: unknown) =>
    typeof name !== 'string' || name === '' || names.has(name)
      ? undefined
      : `found ${foundText(name)}, but no PriorityClass is called so${hint(name, names)}`;
  for (const located of objects) {
    const path = [...(POD_SPECS[located.object.kind] ?? []), 'priorityClassName'];
    const message = path.length > 1 ? problemOf(fieldAt(located.object, path)) : undefined;
    if (message === undefined) continue;
    const { object, file } = located;
    const where = `${object.kind} "${object.metadata.name ?? ''}" ${formatPath(path)}`;
    context.problems.push({ file, ...located.locate(path), path: where, message });
  }
  for (const [base, path] of podBases(workload)) {
    const message = problemOf(base?.spec?.priorityClassName);
    if (message !== undefined) context.add([...path, 'pod', 'spec', 'priorityClassName'], message);
  }
}

/** The name in an object's key, if it is that of a priority class. */
function priorityClassName(key: string): string[] {
  const [kind, name = ''] = key.split(' ');
  return kind === 'PriorityClass' ? [name] : [];
}

function fieldAt(object: KubeObject, path: Path): unknown {
  let value: unknown = object;
  for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

interface PodBase {
  readonly spec?: Readonly<Record<string, unknown>> | undefined;
}

/** What traces and generators make their pods from, and where it stands. */
function* podBases(workload: SoundParts['workload']): Iterable<readonly [PodBase | undefined, Path]> {
  for (const [i, entry] of workload.entries()) {
    if (!entry) continue;
    if ('trace' in entry) yield [entry.pod, ['workload', i]];
    if (!('generator' in entry)) continue;
    for (const [k, template] of entry.templates.entries()) {
      yield [template.pod, ['workload', i, 'templates', k]];
    }
  }
}

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
