// `wavetank play SCRIPT`: plays the script of a timeline and writes what happened as a recording would.

import { defineCommand } from '../command.ts';
import { quietOption } from '../options.ts';

export interface PlayArgs {
  readonly script: string;
  readonly startedAt: string;
  readonly out: string;
  readonly seed: string | undefined;
  readonly quiet: boolean;
}

export const playCommand = defineCommand<PlayArgs>({
  command: 'play <script>',
  describe: "Play a timeline's script and write its timeline in the recordings' format",
  positionals: { script: { type: 'string', demandOption: true, describe: 'The script (.yaml)' } },
  flags: {
    'started-at': {
      type: 'string',
      default: '2026-01-05T00:00:00Z',
      describe: "Wall clock at the script's start, as a recording's startedAt",
    },
    out: { type: 'string', demandOption: true, describe: 'The file to write (.jsonl)' },
    seed: { type: 'string', describe: 'Seed of the delays' },
    quiet: { ...quietOption, describe: 'No summary' },
  },
  run: async (args) => {
    const { playScript } = await import('../play-script.ts');
    await playScript(args);
    return undefined;
  },
});
