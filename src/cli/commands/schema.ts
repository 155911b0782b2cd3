// `wavetank schema`: the JSON Schema of scenario files.

import { defineCommand } from '../command.ts';

export const schemaCommand = defineCommand({
  command: 'schema',
  describe: 'Print the JSON Schema of scenario files, for editors',
  run: async () => {
    const { scenarioJsonSchema } = await import('../../scenario/scenario-json-schema.ts');
    console.log(JSON.stringify(scenarioJsonSchema(), null, 2));
    return undefined;
  },
});
