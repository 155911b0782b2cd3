/** From the text of a scenario file to the checked specification. */

import { InputError, type Problem } from '../base/errors.ts';
import { foundText, isRecord } from '../base/values.ts';
import type { Files } from './files.ts';
import { type LocatedData, readLocated } from './located-yaml.ts';
import { type ScenarioSpec, scenarioSchema } from './scenario.schema.ts';
import { scenarioJsonSchema } from './scenario-json-schema.ts';
import { schemaProblems } from './schema-problems.ts';

/** Changes the data of a scenario before it is checked: one point of a sweep, a flag of the command line. */
export type Edit = (data: Readonly<Record<string, unknown>>) => unknown;

const MANIFEST =
  'this is a Kubernetes manifest, not a scenario: name it in a scenario, under workload, as "- manifests: [FILE]"';

export interface ReadSpec {
  readonly located: LocatedData;
  /** What the file itself says, before any edit. */
  readonly unedited: unknown;
  /** Undefined if there are problems. */
  readonly spec: ScenarioSpec | undefined;
  readonly problems: readonly Problem[];
}

/** @throws InputError if the file cannot be read, is no YAML, or is something else than a scenario */
export async function readSpec(file: string, files: Files, edit?: Edit): Promise<ReadSpec> {
  const text = await files.read(file);
  const read = readLocated(text, file);
  if (/^apiVersion\s*:/m.test(text) && /^kind\s*:/m.test(text))
    throw new InputError([{ ...read.place([]), message: MANIFEST }]);
  if (read.problems.length > 0) throw new InputError(read.problems);
  const stranger = strangerProblem(read.data);
  if (stranger !== undefined) throw new InputError([{ ...read.place([]), message: stranger }]);
  const data = edit ? edit(read.data as Readonly<Record<string, unknown>>) : read.data;
  const located: LocatedData = { data, place: read.place };
  const { success, data: spec, error } = scenarioSchema.safeParse(data);
  const problems = success ? [] : schemaProblems(error.issues, located, scenarioJsonSchema());
  return { located, unedited: read.data, spec, problems };
}

/** What to say of a file that is no scenario at all. */
function strangerProblem(data: unknown): string | undefined {
  if (!isRecord(data))
    return `found ${foundText(data)}, expected a scenario: a mapping with cluster and workload`;
  return 'apiVersion' in data && 'kind' in data ? MANIFEST : undefined;
}
