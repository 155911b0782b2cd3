// The chosen cluster as a scenario of its own that `wavetank run` accepts: what the plan's scenario starts with is written
// out beside it, other files are named by their paths from there.

import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { isRecord } from '../../base/values.ts';
import { loadPoint, type PointSetting } from '../../simulator/points.ts';
import type { EngineFiles } from '../engine/engine.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import type { Base } from './open-base.ts';

const OBJECTS = 'objects.json';

type Data = Record<string, unknown>;

export async function winningScenario(
  { files }: Base,
  setting: PointSetting,
  folder: string,
  flags: EngineFiles,
): Promise<{ name: string; text: string }[]> {
  const scenario = await loadPoint(setting, files, await readInstanceTypes(flags.catalog, files));
  const grouped = new Set(
    [...scenario.groups.values()].flatMap((group) => group.startNodes().map(({ metadata }) => metadata.name)),
  );
  const nodes = scenario.nodes.filter(({ metadata }) => !grouped.has(metadata.name));
  const items = [...nodes, ...scenario.objects];
  const { name: _, plan: ___, cluster, workload, scheduler, ...rest } = setting.data as Data;
  const { snapshot: __, ...kept } = cluster as Data;
  const moved = async (path: unknown) => pathFrom(folder, setting.file, path, files);
  const others = (Array.isArray(workload) ? workload : []).filter(
    (entry) => !(isRecord(entry) && 'manifests' in entry),
  );
  const data = {
    name: `${scenario.name}-planned`.slice(0, 100),
    ...rest,
    cluster: { ...kept, ...('catalog' in kept && { catalog: await moved(kept.catalog) }) },
    ...(scheduler !== undefined && { scheduler: await moved(scheduler) }),
    workload: [
      ...(items.length > 0 ? [{ manifests: [OBJECTS] }] : []),
      ...(await Promise.all(others.map((entry) => movedTrace(entry as Data, moved)))),
    ],
  };
  const list = { apiVersion: 'v1', kind: 'List', items };
  return [
    { name: 'scenario.yaml', text: stringify(data, { aliasDuplicateObjects: false }) },
    ...(items.length > 0 ? [{ name: OBJECTS, text: `${JSON.stringify(list, null, 1)}\n` }] : []),
  ];
}

async function movedTrace(entry: Data, moved: (path: unknown) => Promise<unknown>): Promise<Data> {
  if (!('trace' in entry)) return entry;
  const result: Data = { ...entry };
  for (const field of ['file', 'pods', 'nodes'])
    if (field in entry) result[field] = await moved(entry[field]);
  return result;
}

/** The path of the same file from `folder`; what is no path, or not found beside the plan, stays as it is. */
async function pathFrom(folder: string, file: string, path: unknown, files: Base['files']): Promise<unknown> {
  if (typeof path !== 'string') return path;
  const [found] = await files.expand(path, file);
  return found === undefined || found !== join(dirname(file), path) ? path : relative(folder, found);
}
