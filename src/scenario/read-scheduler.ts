/** The scheduler's configuration of a scenario: inline or from a file, with all that kube-scheduler checks. */
import { z } from 'zod';
import type { Problem } from '../base/errors.ts';
import {
  type KubeSchedulerConfiguration,
  kubeSchedulerConfiguration,
} from '../scheduler/configuration.schema.ts';
import { schedulerConfiguration } from '../scheduler/configuration.ts';
import type { JsonSchema } from './json-schema.ts';
import type { LoadContext } from './load-context.ts';
import { readLocated } from './located-yaml.ts';
import { schemaProblems } from './schema-problems.ts';

/** `value`: the scenario's `scheduler`, not checked yet. Says nothing of a wrong structure: the scenario's schema does. */
export async function readScheduler(
  value: unknown,
  context: LoadContext,
): Promise<KubeSchedulerConfiguration | undefined> {
  if (typeof value === 'string') {
    const file = await context.findOne(value, ['scheduler']);
    return file === undefined ? undefined : readFile(file, context);
  }
  if (!kubeSchedulerConfiguration.safeParse(value).success) return undefined;
  const parsed = schedulerConfiguration.safeParse(value);
  for (const { path, message } of parsed.error?.issues ?? []) {
    context.add(['scheduler', ...(path as (string | number)[])], message);
  }
  return parsed.data;
}

async function readFile(file: string, context: LoadContext): Promise<KubeSchedulerConfiguration | undefined> {
  const text = await context.attempt(() => context.files.read(file));
  if (text === undefined) return undefined;
  const { configuration, problems } = readSchedulerConfiguration(text, file);
  context.problems.push(...problems);
  return configuration;
}

/** Reads the text of a KubeSchedulerConfiguration; without problems there is one. */
export function readSchedulerConfiguration(
  text: string,
  file: string,
): { configuration: KubeSchedulerConfiguration | undefined; problems: readonly Problem[] } {
  const located = readLocated(text, file);
  if (located.problems.length > 0) return { configuration: undefined, problems: located.problems };
  const { data, error } = schedulerConfiguration.safeParse(located.data);
  const schema = z.toJSONSchema(kubeSchedulerConfiguration, { io: 'input', unrepresentable: 'any' });
  const problems = error ? schemaProblems(error.issues, located, schema as JsonSchema) : [];
  return { configuration: data, problems };
}
