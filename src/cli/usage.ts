// Mistakes in how the command line was called, with the nearest command or flag.

import type { Argv, CommandModule } from 'yargs';
import { nearestName } from '../base/nearest.ts';

/** The command line itself is wrong (exit code 2). */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** yargs' complaint with hints; it speaks of "arguments" for flags and of "command" for the first word. */
export function usageMessage(message: string, cli: Argv, commands: readonly CommandModule[]): string {
  const unknown = /^Unknown (?:command|arguments?): (.*)$/.exec(message)?.[1]?.split(', ') ?? [];
  if (unknown.length === 0) return message;
  const names = commands.map(({ command }) => String(command).split(' ')[0]!);
  const flags = flagsOf(cli);
  const isCommand = message.startsWith('Unknown command');
  return unknown
    .map((name) => (isCommand ? unknownName('command', name, names) : unknownFlag(name, flags)))
    .join('\n');
}

function unknownFlag(name: string, flags: readonly string[]): string {
  if (name.length === 1) return `there is no flag -${name}`;
  const near = nearestName(name, flags);
  return `there is no flag --${name}${near === undefined ? '' : `; did you mean --${near}?`}`;
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const hint = near === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${near}?`;
  return `there is no ${what} ${JSON.stringify(name)}${hint}`;
}

/** Long flags of the command that was being read. */
function flagsOf(cli: Argv): string[] {
  const { key } = (cli as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key).filter((name) => name.length > 1);
}
