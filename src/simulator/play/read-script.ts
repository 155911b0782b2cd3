/** Reads a timeline's script; every mistake is reported with its place. */
import { z } from 'zod';
import { InputError } from '../../base/errors.ts';
import type { JsonSchema } from '../../scenario/json-schema.ts';
import { readLocated } from '../../scenario/located-yaml.ts';
import { schemaProblems } from '../../scenario/schema-problems.ts';
import { type Script, scriptSchema } from './script.schema.ts';

/** @throws InputError with every problem found */
export function readScript(text: string, file: string): Script {
  const located = readLocated(text, file);
  if (located.problems.length > 0) throw new InputError(located.problems);
  const parsed = scriptSchema.safeParse(located.data);
  if (parsed.success) return parsed.data;
  const schema = z.toJSONSchema(scriptSchema, { io: 'input' }) as JsonSchema;
  throw new InputError(schemaProblems(parsed.error.issues, located, schema));
}
