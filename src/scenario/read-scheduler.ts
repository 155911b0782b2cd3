/** The scheduler of a scenario, inline or from a file: a configuration with all that kube-scheduler checks, or a policy. */

import { z } from 'zod';
import type { Problem } from '../base/errors.ts';
import { isRecord } from '../base/values.ts';
import { type ClassicPolicy, classicPolicy } from '../scheduler/classic/policy.schema.ts';
import {
  type KubeSchedulerConfiguration,
  kubeSchedulerConfiguration,
} from '../scheduler/configuration.schema.ts';
import { schedulerConfiguration } from '../scheduler/configuration.ts';
import type { JsonSchema } from './json-schema.ts';
import type { LoadContext } from './load-context.ts';
import { readLocated } from './located-yaml.ts';
import { schemaProblems } from './schema-problems.ts';

/** A classic policy has the key `policy`. */
export type SchedulerChoice = KubeSchedulerConfiguration | ClassicPolicy;

/** `value`: the scenario's `scheduler`, not checked yet. Says nothing of a wrong structure: the scenario's schema does. */
export async function readScheduler(
  value: unknown,
  context: LoadContext,
): Promise<SchedulerChoice | undefined> {
  if (typeof value === 'string') {
    const file = await context.findOne(value, ['scheduler']);
    return file === undefined ? undefined : readFile(file, context);
  }
  if (isPolicy(value)) return classicPolicy.safeParse(value).data;
  if (!kubeSchedulerConfiguration.safeParse(value).success) return undefined;
  const parsed = schedulerConfiguration.safeParse(value);
  for (const { path, message } of parsed.error?.issues ?? []) {
    context.add(['scheduler', ...(path as (string | number)[])], message);
  }
  return parsed.data;
}

/** Policy files from of old do not say their release; that it is missing is told by the schema. */
export function isPolicy(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return 'policy' in value || (value.kind === 'Policy' && (value.apiVersion ?? 'v1') === 'v1');
}

async function readFile(file: string, context: LoadContext): Promise<SchedulerChoice | undefined> {
  const text = await context.attempt(() => context.files.read(file));
  if (text === undefined) return undefined;
  const { configuration, problems } = readSchedulerConfiguration(text, file);
  context.problems.push(...problems);
  return configuration;
}

/** Reads the text of a KubeSchedulerConfiguration or a classic policy; without problems there is one. */
export function readSchedulerConfiguration(
  text: string,
  file: string,
): { configuration: SchedulerChoice | undefined; problems: readonly Problem[] } {
  const located = readLocated(text, file);
  if (located.problems.length > 0) return { configuration: undefined, problems: located.problems };
  const [checked, structure] = isPolicy(located.data)
    ? [classicPolicy, classicPolicy]
    : [schedulerConfiguration, kubeSchedulerConfiguration];
  const { data, error } = checked.safeParse(located.data);
  const schema = z.toJSONSchema(structure, { io: 'input', unrepresentable: 'any' });
  const problems = error ? schemaProblems(error.issues, located, schema as JsonSchema) : [];
  return { configuration: data, problems };
}
