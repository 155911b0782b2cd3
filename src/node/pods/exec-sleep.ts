// Hooks that do nothing but sleep, as most preStop hooks did before there was `sleep`.

const SHELL = /^(.*\/)?(sh|bash|ash|dash)$/;
const SLEEP = /^\s*(?:exec\s+)?(?:\/\S*\/)?sleep\s+(\d+(?:\.\d+)?)([smh]?)\s*;?\s*$/;
const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** How long a command sleeps, in microseconds; undefined if that is not all that it does. */
export function execSleepUs(command: readonly string[] = []): number | undefined {
  const [program = '', flag, script = ''] = command;
  const isScript = command.length === 3 && SHELL.test(program) && flag === '-c';
  const match = SLEEP.exec(isScript ? script : command.join(' '));
  return match ? Math.round(Number(match[1]) * SECONDS[match[2]!]! * 1e6) : undefined;
}
