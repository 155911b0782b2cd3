// The scenario that an experiment is made from: checked, and as the plain data that points change.

import { readLocated } from '../../scenario/located-yaml.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { DiskFiles } from '../disk-files.ts';
import { type ReadOptions, readScenario, type ScenarioFlags } from '../read-scenario.ts';

export interface Base {
  readonly scenario: Scenario;
  readonly files: DiskFiles;
  /** The data of the file with the changes of the flags. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly setting: PointSetting;
  readonly seed: string;
}

/** @throws InputError, UsageError */
export async function openBase(
  file: string,
  flags: ScenarioFlags,
  options: Pick<ReadOptions, 'edit' | 'isPlan'> = {},
): Promise<Base> {
  const { edit } = options;
  const { scenario, files } = await readScenario(file, flags, options);
  const { data: read } = readLocated(await files.read(file), file);
  const edited = (edit ? edit(read as Readonly<Record<string, unknown>>) : read) as Record<string, unknown>;
  const { seed, until } = flags;
  const data = {
    ...edited,
    ...(seed !== undefined && { seed: scenario.spec.seed }),
    ...(until !== undefined && { until }),
  };
  return { scenario, files, data, setting: { file, data }, seed: String(scenario.spec.seed) };
}
