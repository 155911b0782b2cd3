/**
 * Reads and checks a whole scenario: the file, and the manifests, snapshots, catalogues, traces and configurations it
 * names. Either everything is sound and the result is frozen, or every mistake is reported at once.
 */
import { digestOf } from '../base/canonical-json.ts';
import { InputError, inOrder } from '../base/errors.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import type { Node } from '../kube/types.ts';
import { checkClasses } from './check-classes.ts';
import { checkActionTimes, checkEnd } from './check-end.ts';
import { checkOwners } from './check-owners.ts';
import { checkTimeline, type Known } from './check-timeline.ts';
import type { Files } from './files.ts';
import { valueAt } from './json-schema.ts';
import { KnownNodes } from './known-nodes.ts';
import { LoadContext, type Path } from './load-context.ts';
import { missingThings } from './missing.ts';
import type { NodeGroup } from './node-group.ts';
import { ObjectSet } from './object-set.ts';
import { readGroups, readInstanceTypes } from './read-cluster.ts';
import { type Pattern, readManifestFiles } from './read-manifest-files.ts';
import { type PlanPools, readPlan } from './read-plan.ts';
import { readScheduler, type SchedulerChoice } from './read-scheduler.ts';
import { readSimkubeTraces } from './read-simkube.ts';
import { type Edit, readSpec } from './read-spec.ts';
import { readTraces, type Traces } from './read-traces.ts';
import type { ScenarioSpec } from './scenario.schema.ts';
import type { Scenario } from './scenario.ts';
import { allParts, type SoundParts, soundParts } from './sound-parts.ts';
import { startNodes } from './start-nodes.ts';
import { type ReadAction, readTimeline, type TimedAction } from './timeline.ts';

export type { Scenario } from './scenario.ts';

export interface LoadOptions {
  /** Changes the data of the file before it is checked. */
  readonly edit?: Edit;
  /** Instance types beside the built-in catalogue and the scenario's own. */
  readonly instanceTypes?: readonly InstanceType[];
  /** Hears what the file says, where it is sound, before anything is made of it; what it throws ends the loading. */
  readonly onSpec?: (spec: ScenarioSpec) => void;
}

/** @throws InputError with every problem found */
export async function loadScenario(file: string, files: Files, options: LoadOptions = {}): Promise<Scenario> {
  const { located, unedited, spec, problems } = await readSpec(file, files, options.edit);
  const context = new LoadContext(file, files, located);
  context.problems.push(...problems);
  if (spec) options.onSpec?.(spec);
  const parts = spec ? allParts(spec) : soundParts(located.data);
  const material = await gather(parts, context, options);
  checkAcross(parts, material, context);
  checkActionTimes(parts, material.actions, unedited, context);
  if (spec === undefined || context.problems.length > 0)
    throw new InputError(inOrder(context.problems, [file]));
  return Object.freeze(assemble(spec, material, file));
}

/** All that the parts name, read. */
interface Material {
  readonly objects: ObjectSet;
  readonly nHooks: number;
  readonly groups: ReadonlyMap<string, NodeGroup>;
  readonly plan: PlanPools | undefined;
  readonly traces: Traces;
  readonly scheduler: SchedulerChoice | undefined;
  readonly actions: readonly ReadAction[];
  readonly nodes: readonly Node[];
  readonly known: Known;
}

async function gather(parts: SoundParts, context: LoadContext, options: LoadOptions): Promise<Material> {
  const { data } = context;
  const objects = new ObjectSet();
  const nProblems = context.problems.length;
  const nHooks = await readManifestFiles(manifestPatterns(data), context, objects);
  const areObjectsKnown = context.problems.length === nProblems;
  context.problems.push(...objects.problems);
  const cluster = parts.cluster ?? {};
  const catalog = await readInstanceTypes(cluster, context, options.instanceTypes ?? []);
  const groups = readGroups(cluster, catalog, context);
  const plan = parts.plan && readPlan(parts.plan, cluster, catalog, context);
  const traces = await readTraces(parts.workload, context);
  const nodes = startNodes(groups, traces, objects, catalog, context);
  const areNodesKnown = parts.cluster !== undefined && context.problems.length === nProblems;
  const scheduler = await readScheduler(valueAt(data, ['scheduler']), context);
  const replayed = await readSimkubeTraces(parts.workload, context);
  const actions = inTime([...replayed, ...(await readTimeline(parts.timeline, catalog, context))]);
  const known = {
    objects: areObjectsKnown ? objects.keys : undefined,
    nodes: areNodesKnown ? new KnownNodes(groups, nodes) : undefined,
    model: parts.model,
  };
  return { objects, nHooks, groups, plan, traces, scheduler, actions, nodes, known };
}

/** At one time in the order given. */
function inTime(actions: readonly ReadAction[]): ReadAction[] {
  return [...actions].sort((a, b) => a.action.atUs - b.action.atUs);
}

function checkAcross(parts: SoundParts, { objects, actions, known }: Material, context: LoadContext): void {
  checkTimeline(actions, known, context);
  // The nodes of a plan are what is looked for.
  if (known.nodes?.size === 0 && valueAt(context.data, ['plan']) === undefined) {
    context.add(['cluster'], 'there is no node, neither at the start nor by the timeline');
  }
  const sets = [objects, ...actions.map(({ set }) => set)];
  checkOwners(objects, context);
  if (known.objects) checkClasses(parts.workload, sets, context);
  checkEnd(parts, sets, context);
}

function assemble(spec: ScenarioSpec, material: Material, file: string): Scenario {
  const { objects, nHooks, groups, plan, traces, scheduler, actions, nodes } = material;
  const timeline = actions.map(({ action }) => action);
  const content = { nodes, objects: objects.objects(), snapshot: objects.snapshot(), timeline, scheduler };
  return {
    name: spec.name ?? baseName(file),
    file,
    spec,
    groups,
    plan,
    ...content,
    podsOfNodes: objects.podsOfNodes,
    places: objects.places,
    traceFiles: traces.files,
    ignored: objects.ignored,
    missing: missingThings([objects, ...actions.map(({ set }) => set)]),
    nHooks,
    digest: digestOf({
      spec,
      ...content,
      timeline: timeline.map(withoutPlace),
      traces: traces.digests,
      ...(plan && { planTypes: plan.types }),
    }),
  };
}

function withoutPlace({ place: _, ...action }: TimedAction): object {
  return action;
}

/** Read even from a file with mistakes elsewhere, so that the manifests' own mistakes are reported with them. */
function manifestPatterns(data: unknown): Pattern[] {
  const lists: Path[] = [['cluster', 'snapshot']];
  const workload = valueAt(data, ['workload']);
  if (Array.isArray(workload)) lists.push(...workload.map((_, i) => ['workload', i, 'manifests']));
  return lists.flatMap((path) => {
    const list = valueAt(data, path);
    if (!Array.isArray(list)) return [];
    return list.flatMap((pattern, i) =>
      typeof pattern === 'string' && pattern !== ''
        ? [{ pattern, path: [...path, i], isSnapshot: path[0] === 'cluster' }]
        : [],
    );
  });
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.(ya?ml|json)$/, '');
}
