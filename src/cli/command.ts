// What a command of the command line is. Its file holds the flags and is always loaded; what it does lies in a module of
// its own that is loaded when it is called.

import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';
import { UsageError } from './usage.ts';

export interface CommandSpec<A> {
  /** `name <positional>`, as yargs reads it. */
  readonly command: string;
  readonly describe: string;
  readonly positionals?: Readonly<Record<string, PositionalOptions>>;
  readonly flags?: Readonly<Record<string, Options>>;
  /** The exit code if it is not 0. Errors are turned into messages and exit codes by the caller. */
  readonly run: (args: A) => Promise<number | undefined>;
}

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly flagNames: readonly string[];
  readonly module: CommandModule;
}

/** Of a flag that is given several times, the last one counts. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** @param A what `positionals` and `flags` define; of flags that are lists, absent ones are empty */
export function defineCommand<A>(spec: CommandSpec<A>): Command {
  const { command, describe, positionals = {}, flags = {}, run } = spec;
  const builder = (cli: Argv) => {
    // Without a default of their own, lists have one that help would show as [].
    for (const [name, options] of Object.entries(positionals))
      cli.positional(name, options.array ? { default: undefined, ...options } : options);
    for (const [name, options] of Object.entries(flags)) {
      cli.option(name, options.array ? options : { ...options, coerce: lastOf });
    }
    return cli;
  };
  const lists = Object.keys(flags).filter((name) => flags[name]!.array);
  const handler = async (args: unknown) => {
    const given = args as Record<string, unknown>;
    // What a flag without its value comes out as.
    const lonely = Object.keys(flags).find((name) => given[name] === '');
    if (lonely !== undefined) throw new UsageError(`--${lonely} needs a value`);
    for (const name of lists) given[name] ??= [];
    process.exitCode = (await run(given as A)) ?? 0;
  };
  return {
    name: command.split(' ')[0]!,
    usage: command,
    flagNames: Object.keys(flags),
    module: { command, describe, builder, handler },
  };
}
