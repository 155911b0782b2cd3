// `wavetank validate FILE...`: every mistake of scenarios and manifests at once, without running.

import { defineCommand } from '../command.ts';
import { catalogOption, dataOption, quietOption } from '../options.ts';

export interface ValidateArgs {
  readonly files: string[];
  readonly data: string | undefined;
  readonly catalog: string | undefined;
  readonly quiet: boolean;
}

export const validateCommand = defineCommand<ValidateArgs>({
  command: 'validate <files..>',
  describe: 'Find every mistake in scenarios and manifests',
  positionals: {
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Scenarios, manifests, folders or globs of them',
    },
  },
  flags: { data: dataOption, catalog: catalogOption, quiet: quietOption },
  run: async (args) => {
    const { validate } = await import('../validate-files.ts');
    await validate(args);
    return undefined;
  },
});
