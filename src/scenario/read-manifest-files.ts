/** Reads the manifest files that a scenario (or the command line) names into a set of objects. */
import { type Manifests, readManifests } from '../kube/read-manifests.ts';
import type { LoadContext, Path } from './load-context.ts';
import type { ObjectSet } from './object-set.ts';

/** A pattern of files and where it stands in the scenario. */
export interface Pattern {
  readonly pattern: string;
  readonly path: Path;
  /** The files show a running cluster. */
  readonly isSnapshot: boolean;
}

/** Adds all objects of all files, each file once. Returns how many Helm hooks were left out. */
export async function readManifestFiles(
  patterns: readonly Pattern[],
  context: LoadContext,
  objects: ObjectSet,
): Promise<number> {
  const seen = new Set<string>();
  let nHooks = 0;
  for (const { pattern, path, isSnapshot } of patterns) {
    const files = await context.find(pattern, path);
    let isEmpty = files.length > 0;
    for (const file of files) {
      const manifests = seen.has(file) ? undefined : await readFile(file, context);
      isEmpty &&= manifests !== undefined && isWithoutObject(manifests);
      seen.add(file);
      if (manifests === undefined) continue;
      for (const object of manifests.objects) objects.add(object, isSnapshot);
      nHooks += manifests.nHooks;
    }
    if (isEmpty) context.add(path, `found ${JSON.stringify(pattern)}, but no Kubernetes object is in there`);
  }
  return nHooks;
}

async function readFile(file: string, context: LoadContext): Promise<Manifests | undefined> {
  const text = await context.attempt(() => context.files.read(file));
  if (text === undefined) return undefined;
  const manifests = readManifests(text, file);
  context.problems.push(...manifests.problems);
  return manifests;
}

function isWithoutObject({ objects, problems, nHooks }: Manifests): boolean {
  return objects.length + problems.length + nHooks === 0;
}
