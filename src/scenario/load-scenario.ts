/**
 * Reads and checks a whole scenario: the file, and the manifests, snapshots, catalogues, traces and configurations it
 * names. Either everything is sound and the result is frozen, or every mistake is reported at once.
 */
import { digestOf } from '../base/canonical-json.ts';
import { formatProblem, InputError, type Problem } from '../base/errors.ts';
import { compareStrings } from '../base/orders.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import type { KubeSchedulerConfiguration } from '../scheduler/configuration.schema.ts';
import { checkEnd, checkPriorityClasses } from './check-references.ts';
import { checkTimeline } from './check-timeline.ts';
import type { Files } from './files.ts';
import { valueAt } from './json-schema.ts';
import { KnownNodes } from './known-nodes.ts';
import { LoadContext, type Path } from './load-context.ts';
import { ObjectSet } from './object-set.ts';
import { readGroups } from './read-cluster.ts';
import { type Pattern, readManifestFiles } from './read-manifest-files.ts';
import { readScheduler } from './read-scheduler.ts';
import { type Edit, readSpec } from './read-spec.ts';
import { readTraces } from './read-traces.ts';
import type { ScenarioSpec } from './scenario.schema.ts';
import type { Scenario } from './scenario.ts';
import { startNodes } from './start-nodes.ts';
import { readTimeline, type TimedAction } from './timeline.ts';

export type { Scenario } from './scenario.ts';

export interface LoadOptions {
  /** Changes the data of the file before it is checked. */
  readonly edit?: Edit;
  /** Instance types beside the built-in catalogue and the scenario's own. */
  readonly instanceTypes?: readonly InstanceType[];
}

/** @throws InputError with every problem found */
export async function loadScenario(file: string, files: Files, options: LoadOptions = {}): Promise<Scenario> {
  const { located, spec, problems } = await readSpec(file, files, options.edit);
  const context = new LoadContext(file, files, located);
  context.problems.push(...problems);
  const objects = new ObjectSet();
  const nHooks = await readManifestFiles(manifestPatterns(located.data), context, objects);
  context.problems.push(...objects.problems);
  const scheduler = await readScheduler(valueAt(located.data, ['scheduler']), context);
  const scenario = spec && (await complete(spec, context, { objects, nHooks, scheduler }, options));
  if (scenario === undefined || context.problems.length > 0)
    throw new InputError(inOrder(context.problems, file));
  return Object.freeze(scenario);
}

/** What is read even from a file with mistakes, so that all mistakes are told together. */
interface Parts {
  readonly objects: ObjectSet;
  readonly nHooks: number;
  readonly scheduler: KubeSchedulerConfiguration | undefined;
}

/** The rest of the work, once the file itself is sound. */
async function complete(
  spec: ScenarioSpec,
  context: LoadContext,
  { objects, nHooks, scheduler }: Parts,
  options: LoadOptions,
): Promise<Scenario> {
  const groups = await readGroups(spec, context, options.instanceTypes ?? []);
  const traces = await readTraces(spec, context);
  const actions = await readTimeline(spec.timeline, context);
  const nodes = startNodes(groups, traces, objects, context);
  const known = new KnownNodes(groups);
  for (const node of nodes) known.add(node);
  checkTimeline(actions, known, objects.others, context);
  if (known.size === 0)
    context.add(['cluster'], 'there is no node, neither at the start nor by the timeline');
  const everything = [...objects.others, ...actions.flatMap(({ set }) => set.others)];
  checkPriorityClasses(spec, everything, context);
  checkEnd(spec, everything, actions, context);
  const timeline = actions.map(({ action }) => action);
  const content = { nodes, objects: objects.objects(), timeline, scheduler };
  return {
    name: spec.name ?? baseName(context.file),
    file: context.file,
    spec,
    groups,
    ...content,
    traceFiles: traces.files,
    ignored: objects.ignored,
    nHooks,
    digest: digestOf({ spec, ...content, timeline: timeline.map(withoutPlace), traces: traces.digests }),
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
      typeof pattern === 'string' && pattern !== '' ? [{ pattern, path: [...path, i] }] : [],
    );
  });
}

/** By file, the scenario's own first, and by line; each once. */
function inOrder(problems: readonly Problem[], file: string): Problem[] {
  const rank = (problem: Problem) => (problem.file === file ? 0 : 1);
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...unique.values()].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareStrings(a.file ?? '', b.file ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.(ya?ml|json)$/, '');
}
