// The scenario that an experiment is made from: checked, and as the plain data that points change.

import { readLocated } from '../../scenario/located-yaml.ts';
import type { Edit } from '../../scenario/read-spec.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { PointSetting } from '../../simulator/points.ts';
import type { DiskFiles } from '../disk-files.ts';
import { readScenario, type ScenarioFlags } from '../read-scenario.ts';

export interface Base {
  readonly scenario: Scenario;
  readonly files: DiskFiles;
  /** The data of the file with the changes of the flags. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly setting: PointSetting;
  readonly seed: string;
}

/** `edit`: changes beside those of the flags. @throws InputError, UsageError */
export async function openBase(file: string, flags: ScenarioFlags, edit?: Edit): Promise<Base> {
  const { scenario, files } = await readScenario(file, flags, edit && { edit });
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
