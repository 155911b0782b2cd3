// What a plan has chosen as a scenario of its own that `wavetank run` accepts: objects and nodes that the plan's scenario
// starts with are written out beside it, other files are named by their paths from there.

import { dirname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { isRecord } from '../../base/values.ts';
import type { KubeObject } from '../../kube/types.ts';
import { listedNodes } from '../../simulator/first-nodes.ts';
import { loadPoint, type PointSetting } from '../../simulator/points.ts';
import type { EngineFiles } from '../engine/engine.ts';
import { readInstanceTypes } from '../read-scenario.ts';
import type { Base } from './open-base.ts';

const OBJECTS = 'objects.json';
const SNAPSHOT = 'snapshot.json';

type Data = Record<string, unknown>;

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** @param folder where the files will lie */
export async function winningScenario(
  { files }: Base,
  setting: PointSetting,
  folder: string,
  flags: EngineFiles,
): Promise<NamedText[]> {
  const scenario = await loadPoint(setting, files, await readInstanceTypes(flags.catalog, files));
  const { name: _, plan: __, cluster, workload, scheduler, timeline, ...rest } = setting.data as Data;
  const paths = new MovedPaths(setting.file, folder, files);
  const { snapshot: ___, ...kept } = {
    ...catalogOf(flags, folder),
    ...(await paths.inCluster(cluster as Data)),
  };
  const hasSnapshot = scenario.snapshot.length > 0;
  const nodes = listedNodes(scenario);
  const objects = [...(hasSnapshot ? [] : nodes), ...scenario.objects];
  const data = {
    name: `${scenario.name}-planned`.slice(0, 100),
    ...rest,
    cluster: { ...kept, ...(hasSnapshot && { snapshot: [SNAPSHOT] }) },
    ...(scheduler !== undefined && { scheduler: await paths.moved(scheduler) }),
    workload: [
      ...(objects.length > 0 ? [{ manifests: [OBJECTS] }] : []),
      ...(await paths.inWorkload(workload)),
    ],
    ...(timeline !== undefined && { timeline: await paths.inTimeline(timeline) }),
  };
  return [
    { name: 'scenario.yaml', text: stringify(data, { aliasDuplicateObjects: false }) },
    ...(objects.length > 0 ? [{ name: OBJECTS, text: listText(objects) }] : []),
    ...(hasSnapshot ? [{ name: SNAPSHOT, text: listText([...nodes, ...scenario.snapshot]) }] : []),
  ];
}

function listText(items: readonly KubeObject[]): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1)}\n`;
}

/** The catalogue of the command line; that of the scenario itself goes before it. */
function catalogOf({ catalog }: EngineFiles, folder: string): Data {
  return catalog === undefined ? {} : { catalog: relative(folder, catalog) };
}

/** Paths of a scenario's file as they read from another folder. */
class MovedPaths {
  readonly #file: string;
  readonly #folder: string;
  readonly #files: Base['files'];

  constructor(file: string, folder: string, files: Base['files']) {
    this.#file = file;
    this.#folder = folder;
    this.#files = files;
  }

  /** What is no path, or is not found beside the scenario, stays as it is. */
  async moved(path: unknown): Promise<unknown> {
    if (typeof path !== 'string') return path;
    const beside = resolve(dirname(this.#file), path);
    const found = await this.#files.expand(beside, '');
    return found.length === 0 ? path : relative(this.#folder, beside);
  }

  async inCluster(cluster: Data): Promise<Data> {
    return 'catalog' in cluster ? { ...cluster, catalog: await this.moved(cluster.catalog) } : cluster;
  }

  /** All but manifests; nodes of traces are among what is written out. */
  async inWorkload(workload: unknown): Promise<unknown[]> {
    const entries = Array.isArray(workload) ? workload : [];
    const others = entries.filter((entry) => isRecord(entry) && !('manifests' in entry)) as Data[];
    return Promise.all(
      others.map(async ({ nodes: _, ...entry }) => {
        const fields = ['file', 'pods', 'simkube'].filter((field) => field in entry);
        const moved = fields.map(async (field) => [field, await this.moved(entry[field])]);
        return { ...entry, ...Object.fromEntries(await Promise.all(moved)) };
      }),
    );
  }

  async inTimeline(timeline: unknown): Promise<unknown> {
    if (!Array.isArray(timeline)) return timeline;
    return Promise.all(
      timeline.map(async (entry: Data) =>
        Array.isArray(entry.apply)
          ? { ...entry, apply: await Promise.all(entry.apply.map((item) => this.moved(item))) }
          : entry,
      ),
    );
  }
}
