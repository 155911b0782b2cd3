/** Classes that pods name and that must be there: the API server would refuse the pods. */
import { foundText } from '../base/values.ts';
import type { LocatedObject } from '../kube/read-manifests.ts';
import { formatPath } from '../kube/validate.ts';
import { valueAt } from './json-schema.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { ObjectSet } from './object-set.ts';
import { podSpecPath } from './pod-spec-path.ts';
import type { SoundParts } from './sound-parts.ts';
import { hint } from './wording.ts';

interface ClassKind {
  readonly kind: string;
  /** As kubectl calls them. */
  readonly plural: string;
  readonly field: string;
  readonly builtIn: readonly string[];
}

const CLASS_KINDS: readonly ClassKind[] = [
  {
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    field: 'priorityClassName',
    builtIn: ['system-cluster-critical', 'system-node-critical'],
  },
  { kind: 'RuntimeClass', plural: 'runtimeclasses', field: 'runtimeClassName', builtIn: [] },
];

export function checkClasses(
  workload: SoundParts['workload'],
  sets: readonly ObjectSet[],
  context: LoadContext,
): void {
  for (const classKind of CLASS_KINDS) {
    const names = new Set([...classKind.builtIn, ...sets.flatMap((set) => namesOf(classKind.kind, set))]);
    const problemOf = (name: unknown) =>
      typeof name !== 'string' || name === '' || names.has(name)
        ? undefined
        : `found ${foundText(name)}, but no ${classKind.kind} is called so${hint(name, names)}`;
    for (const set of sets) checkObjects(set, classKind, problemOf, context);
    for (const [base, path] of podBases(workload)) {
      const message = problemOf(base?.spec?.[classKind.field]);
      if (message !== undefined) context.add([...path, 'pod', 'spec', classKind.field], message);
    }
  }
}

/** Objects of one file that name the same class. */
interface Use {
  readonly message: string;
  readonly path: Path;
  readonly first: LocatedObject;
  nObjects: number;
}

/** One problem for each class that a file lacks, however many objects name it. */
function checkObjects(
  set: ObjectSet,
  { plural, field }: ClassKind,
  problemOf: (name: unknown) => string | undefined,
  { problems }: LoadContext,
): void {
  const uses = new Map<string, Use>();
  for (const located of set.others) {
    const specPath = podSpecPath(located.object.kind);
    const path = specPath && [...specPath, field];
    const message = path && problemOf(valueAt(located.object, path));
    if (path === undefined || message === undefined) continue;
    const key = `${located.file}: ${message}`;
    const use = uses.get(key);
    if (use) use.nObjects++;
    else uses.set(key, { message, path, first: located, nObjects: 1 });
  }
  for (const { message, path, first, nObjects } of uses.values()) {
    const { object, file } = first;
    const others = nObjects > 1 ? ` (in ${nObjects} objects of the file)` : '';
    const remedy = set.isOfSnapshot(object) ? `; take ${plural} into the snapshot` : '';
    const where = `${object.kind} "${object.metadata.name ?? ''}" ${formatPath(path)}`;
    problems.push({ file, ...first.locate(path), path: where, message: message + others + remedy });
  }
}

function namesOf(kind: string, { keys }: ObjectSet): string[] {
  return [...keys].flatMap((key) => (key.startsWith(`${kind} `) ? [key.slice(kind.length + 1)] : []));
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
