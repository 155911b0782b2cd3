// Runs the same command in a process whose heap may be larger: the limit of a process cannot be raised once it runs.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SIGNALS } from '../interrupt.ts';

/** Returns the exit code. */
export function rerunWithHeap(heapMib: number): Promise<number> {
  const [program, ...args] = process.argv.slice(1);
  const flags = [`--max-old-space-size=${heapMib}`, ...process.execArgv];
  // Detached, so that a signal of the terminal comes to it once, by this process, as one of any other sender does.
  const child = spawn(process.execPath, [...flags, program!, ...args], { stdio: 'inherit', detached: true });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  }).finally(() => {
    for (const signal of SIGNALS) process.off(signal, pass);
  });
}
