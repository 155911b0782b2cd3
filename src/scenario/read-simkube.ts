/** SimKube traces as actions of the timeline: what was applied is applied, what was deleted is deleted. */
import { readManifests } from '../kube/read-manifests.ts';
import { readSimkube, type SimkubeEvent } from '../workload/traces/simkube.ts';
import type { LoadContext, Path } from './load-context.ts';
import { ObjectSet } from './object-set.ts';
import type { SoundParts } from './sound-parts.ts';
import type { ReadAction, TimedAction } from './timeline.ts';

export async function readSimkubeTraces(
  workload: SoundParts['workload'],
  context: LoadContext,
): Promise<ReadAction[]> {
  const actions: ReadAction[] = [];
  for (const [i, entry] of workload.entries()) {
    if (!entry || !('simkube' in entry)) continue;
    const path = ['workload', i, 'simkube'];
    const file = await context.findOne(entry.simkube, path);
    if (file === undefined) continue;
    const events = await context.attempt(async () => readSimkube(await context.files.read(file), file));
    for (const event of events ?? []) actions.push(...actionsOf(event, file, path, context));
  }
  return actions;
}

function actionsOf(event: SimkubeEvent, file: string, path: Path, context: LoadContext): ReadAction[] {
  const { atUs, applied, deleted } = event;
  const place = context.place(path);
  const set = new ObjectSet();
  if (applied.length > 0) {
    const { objects, problems } = readManifests(
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: applied }),
      file,
    );
    context.problems.push(...problems);
    for (const object of objects) set.add(object);
    context.problems.push(...set.problems);
  }
  const objects = [...set.nodes.map(({ object }) => object), ...set.objects()];
  const apply: TimedAction[] =
    objects.length > 0 ? [{ name: 'apply', args: [file], atUs, place, objects }] : [];
  const deletes = deleted.map(({ kind, metadata: { name, namespace = 'default' } }): TimedAction => {
    const args = { kind, name, namespace } as Extract<TimedAction, { name: 'delete' }>['args'];
    return { name: 'delete', args, atUs, place, objects: [] };
  });
  return [...apply, ...deletes].map((action) => ({ action, path, set }));
}
