/** The JSON Schema of scenario files, for editors and for messages: made from the definition that the parser uses. */
import { z } from 'zod';
import type { JsonSchema } from './json-schema.ts';
import { scenarioSchema } from './scenario.schema.ts';

export function scenarioJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Wavetank scenario',
    ...z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }),
  } as JsonSchema;
}
