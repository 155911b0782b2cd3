// Exit codes, and what is said of an error: input (2), machine (1), bug (70).

import { BugError } from '../base/assert.ts';
import { formatDurationUs } from '../base/duration.ts';
import { EnvironmentError, formatProblem, InputError } from '../base/errors.ts';
import { plural } from '../report/text.ts';
import { UsageError } from './usage.ts';
import { version } from './version.ts';

export const EXIT = { ok: 0, environment: 1, input: 2, bug: 70, interrupted: 130 } as const;

/** More than that are one mistake made many times over. */
const N_PROBLEMS_MAX = 200;

const SYSTEM_CODE = /^E[A-Z]+$/;

function isOfTheMachine(error: unknown): boolean {
  if (error instanceof EnvironmentError) return true;
  const { code } = error as NodeJS.ErrnoException;
  return (
    typeof code === 'string' &&
    SYSTEM_CODE.test(code) &&
    (error as NodeJS.ErrnoException).syscall !== undefined
  );
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError || error instanceof UsageError) return EXIT.input;
  return isOfTheMachine(error) ? EXIT.environment : EXIT.bug;
}

/** `args`: the command line, for replaying a bug. */
export function messageOf(error: unknown, args: readonly string[]): string {
  if (error instanceof InputError) return inputMessage(error);
  if (error instanceof UsageError)
    return `wavetank: ${error.message}\n(wavetank --help shows commands and flags)`;
  if (isOfTheMachine(error)) return `wavetank: ${(error as Error).message}`;
  return bugMessage(error, args);
}

function inputMessage({ problems }: InputError): string {
  const n = problems.length;
  const more = n > N_PROBLEMS_MAX ? [`… and ${plural(n - N_PROBLEMS_MAX, 'more problem')}`] : [];
  const lines = [...problems.slice(0, N_PROBLEMS_MAX).map(formatProblem), ...more];
  return `${lines.join('\n')}\n${plural(n, 'problem')}; nothing was written`;
}

/** The kernel says when and in which event a bug struck; here it is told how to see it again. */
function bugMessage(error: unknown, args: readonly string[]): string {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const at = error instanceof BugError ? /^at (\d+) us/.exec(message)?.[1] : undefined;
  const origin = (cause instanceof Error ? cause.stack : stack)
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line));
  return [
    `wavetank: a bug of the simulator, not of your input: ${message}`,
    ...(at === undefined ? [] : [`  virtual time ${formatDurationUs(Number(at))}`]),
    ...(origin ?? []).slice(0, 4).map((line) => `  ${line.trim()}`),
    `  version ${version()}, Node.js ${process.version}`,
    `  replay: npx wavetank ${args.map(quoted).join(' ')}`,
    'Please report it with the scenario.',
  ].join('\n');
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
