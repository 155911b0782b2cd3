// What `wavetank validate` does: tells scenarios from manifests and reports what is wrong with each.

import { existsSync } from 'node:fs';
import { InputError, inOrder, type Problem } from '../base/errors.ts';
import { isRecord } from '../base/values.ts';
import { readManifests } from '../kube/read-manifests.ts';
import { checkTraces } from '../scenario/check-traces.ts';
import { readLocated } from '../scenario/located-yaml.ts';
import { ObjectSet } from '../scenario/object-set.ts';
import { isPolicy, readSchedulerConfiguration } from '../scenario/read-scheduler.ts';
import type { ValidateArgs } from './commands/validate.ts';
import { DiskFiles } from './disk-files.ts';
import { dataFolder } from './options.ts';
import { readScenario } from './read-scenario.ts';

const SCHEDULER_API = 'kubescheduler.config.k8s.io/';

/** @throws InputError with every mistake of all files */
export async function validate(args: ValidateArgs): Promise<void> {
  const files = new DiskFiles(dataFolder(args.data));
  const problems: Problem[] = [];
  const objects = new ObjectSet();
  const missing: Problem[] = [];
  const paths = await findFiles(args.files, files, missing);
  for (const path of paths) {
    try {
      problems.push(...(await validateFile(path, files, objects, args)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...objects.problems, ...missing);
  if (problems.length > 0) throw new InputError(inOrder(problems, paths));
  if (!args.quiet)
    console.log(paths.length === 1 ? `${paths[0]} is valid` : `${paths.length} files are valid`);
}

async function findFiles(
  patterns: readonly string[],
  files: DiskFiles,
  missing: Problem[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const paths = await files.expand(pattern, '');
    if (paths.length === 0) {
      const message = existsSync(pattern) ? 'there is nothing to validate in it' : 'there is no such file';
      missing.push({ file: pattern, message });
    }
    for (const path of paths) found.add(path);
  }
  return [...found];
}

async function validateFile(
  path: string,
  files: DiskFiles,
  objects: ObjectSet,
  args: ValidateArgs,
): Promise<readonly Problem[]> {
  const text = await files.read(path);
  if (isScheduler(text, path)) return readSchedulerConfiguration(text, path).problems;
  if (!isManifest(text)) {
    const { scenario } = await readScenario(path, args, { isPlan: true });
    await checkTraces(scenario, files);
    return [];
  }
  const manifests = readManifests(text, path);
  for (const object of manifests.objects) objects.add(object);
  return manifests.problems;
}

/** Scenarios may have a configuration within, and ConfigMaps the text of one. */
function isScheduler(text: string, path: string): boolean {
  if (!text.includes(SCHEDULER_API) && !/\bpolicy\b/i.test(text)) return false;
  const { data } = readLocated(text, path);
  return isPolicy(data) || (isRecord(data) && String(data.apiVersion).startsWith(SCHEDULER_API));
}

/** A Kubernetes object says so at the left edge or, in JSON, at its top. */
function isManifest(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return /^(apiVersion|kind)\s*:/m.test(text);
  try {
    const value = JSON.parse(text) as unknown;
    return Array.isArray(value) || (isRecord(value) && ('apiVersion' in value || 'kind' in value));
  } catch {
    return /^\s*\{\s*"(apiVersion|kind)"/.test(text);
  }
}
