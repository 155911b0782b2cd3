// What a command of the command line is. Its file holds the flags and is always loaded; what it does lies in a module of
// its own that is loaded when it is called.

import type { Argv, CommandModule } from 'yargs';

export interface Command<A> {
  /** `name <positional>`. */
  readonly command: string;
  readonly describe: string;
  readonly builder?: (cli: Argv) => unknown;
  /** The exit code if it is not 0; errors are turned into exit codes by the caller. */
  readonly run: (args: A) => Promise<number | undefined>;
}

/** @param A the flags that `builder` defines */
export function defineCommand<A>({ run, ...command }: Command<A>): CommandModule {
  return {
    ...command,
    handler: async (args) => {
      process.exitCode = (await run(args as A)) ?? 0;
    },
  } as CommandModule;
}
