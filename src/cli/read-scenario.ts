// Loads a scenario from the disk with what the command line changes about it.

import { parseDurationUs } from '../base/duration.ts';
import { InputError } from '../base/errors.ts';
import type { InstanceType } from '../catalog/instance-type.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { type LoadOptions, loadScenario } from '../scenario/load-scenario.ts';
import type { Edit } from '../scenario/read-spec.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { DiskFiles } from './disk-files.ts';
import { dataFolder } from './options.ts';
import { UsageError } from './usage.ts';

export interface ScenarioFlags {
  readonly data?: string | undefined;
  readonly catalog?: string | undefined;
  readonly seed?: string | undefined;
  readonly until?: string | undefined;
}

export interface OpenedScenario {
  readonly scenario: Scenario;
  readonly files: DiskFiles;
  /** What the flags changed, by flag. */
  readonly overrides: Readonly<Record<string, string>>;
}

export interface ReadOptions extends Pick<LoadOptions, 'onSpec'> {
  /** Further changes, made before those of the flags. */
  readonly edit?: Edit | undefined;
  /** It may have no nodes if it has a plan to find them. */
  readonly isPlan?: boolean;
}

/** @throws InputError, UsageError */
export async function readScenario(
  file: string,
  flags: ScenarioFlags,
  { edit, onSpec, isPlan = false }: ReadOptions = {},
): Promise<OpenedScenario> {
  const files = new DiskFiles(dataFolder(flags.data));
  const { catalog, seed, until } = flags;
  checkUntil(until);
  const instanceTypes = await readInstanceTypes(catalog, files);
  const changes = {
    ...(seed !== undefined && { seed: /^-?\d{1,15}$/.test(seed) ? Number(seed) : seed }),
    ...(until !== undefined && { until }),
  };
  const withFlags: Edit = (data) => ({ ...((edit ? edit(data) : data) as object), ...changes });
  const scenario = await loadScenario(file, files, {
    edit: withFlags,
    instanceTypes,
    ...(onSpec && { onSpec }),
  });
  if (!isPlan) checkNodes(scenario);
  const overrides = Object.entries({ seed, until, catalog }).filter(([, value]) => value !== undefined);
  return { scenario, files, overrides: Object.fromEntries(overrides) as Record<string, string> };
}

function checkNodes({ file, nodes, timeline, spec }: Scenario): void {
  const isEmpty = nodes.length === 0 && !timeline.some(({ name }) => name === 'addNodes' || name === 'apply');
  if (!isEmpty || spec.plan === undefined) return;
  const message = `there is no node: the plan looks for them (wavetank plan ${file}, whose results hold a scenario with nodes)`;
  throw new InputError([{ file, path: 'cluster', message }]);
}

function checkUntil(until: string | undefined): void {
  try {
    if (until !== undefined && parseDurationUs(until) <= 0) throw new RangeError('must be greater than 0');
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--until: ${error.message}`);
    throw error;
  }
}

export async function readInstanceTypes(
  catalog: string | undefined,
  files: DiskFiles,
): Promise<readonly InstanceType[]> {
  if (catalog === undefined) return [];
  const { types, problems } = readCatalog(await files.read(catalog), catalog);
  if (problems.length > 0) throw new InputError(problems);
  return types;
}
