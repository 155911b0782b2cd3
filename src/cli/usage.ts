// Mistakes in how the command line was called, with the nearest command or flag.

import { nearestName } from '../base/nearest.ts';
import type { Command } from './command.ts';

/** The command line itself is wrong (exit code 2). */
export class UsageError extends Error {
  override name = 'UsageError';
}

const COMMON_FLAGS = ['help', 'version'];

/** yargs' complaint in better words: it speaks of "arguments" for flags and of "command" for the first word. */
export function usageMessage(
  complaint: string,
  args: readonly string[],
  commands: readonly Command[],
): string {
  const command = commands.find(({ name }) => args.includes(name));
  if (complaint.startsWith('Not enough non-option arguments')) return `usage: wavetank ${command?.usage}`;
  const missing = /^Missing required arguments?: (.*)$/.exec(complaint);
  if (missing)
    return `--${missing[1]!.replaceAll(', ', ' and --')} must be given: wavetank ${command?.usage}`;
  const unknown = /^Unknown (command|arguments?): (.*)$/.exec(complaint);
  if (!unknown) return complaint;
  const names = withoutTwins(unknown[2]!.split(', '));
  if (command === undefined) names.length = 1;
  return names.map((name) => unknownText(name, args, command, commands)).join('\n');
}

/** yargs names a flag both as it was written and in camel case. */
function withoutTwins(names: readonly string[]): string[] {
  const camelled = new Set(names.filter((name) => name.includes('-')).map(camelCase));
  return names.filter((name) => !camelled.has(name));
}

function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function unknownText(
  name: string,
  args: readonly string[],
  command: Command | undefined,
  commands: readonly Command[],
): string {
  const flag = args.find((arg) => arg === `-${name}` || arg.split('=')[0] === `--${name}`);
  if (flag?.startsWith('--')) {
    const near = nearestName(name, [...(command?.flagNames ?? []), ...COMMON_FLAGS]);
    return `there is no flag --${name}${near === undefined ? '' : `; did you mean --${near}?`}`;
  }
  if (flag !== undefined) return `there is no flag ${flag}`;
  if (command !== undefined)
    return `found ${JSON.stringify(name)}, expected nothing more: wavetank ${command.usage}`;
  const names = commands.map((one) => one.name);
  const near = nearestName(name, names);
  const hint = near === undefined ? `; there are ${names.join(', ')}` : `; did you mean ${near}?`;
  return `there is no command ${JSON.stringify(name)}${hint}`;
}
