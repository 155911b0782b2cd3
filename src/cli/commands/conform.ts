// `wavetank conform FILE...`: how far the scheduler and the control plane agree with recordings of the real ones.

import { defineCommand } from '../command.ts';

export interface ConformArgs {
  readonly files: readonly string[];
  readonly show: number;
  readonly script: string | undefined;
}

export const conformCommand = defineCommand<ConformArgs>({
  command: 'conform <files..>',
  describe: 'Replay recordings of the real scheduler and control plane and count the agreement',
  positionals: {
    files: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Vector files or timelines (.jsonl, .gz accepted)',
    },
  },
  flags: {
    show: { type: 'number', default: 10, describe: 'How many disagreements are shown side by side' },
    script: {
      type: 'string',
      describe: 'Script of a timeline',
      defaultDescription: 'scripts/<name>.yaml beside it',
    },
  },
  run: async (args) => {
    const { conform } = await import('../conform-files.ts');
    return conform(args);
  },
});
