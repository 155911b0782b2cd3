// Runs the same command in a process whose heap may be larger: the limit of a process cannot be raised once it runs.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Returns the exit code. Signals are for the other process to hear; those of the terminal reach it by themselves. */
export function rerunWithHeap(heapMib: number): Promise<number> {
  const [program, ...args] = process.argv.slice(1);
  const flags = [`--max-old-space-size=${heapMib}`, ...process.execArgv];
  const child = spawn(process.execPath, [...flags, program!, ...args], { stdio: 'inherit' });
  const ignore = () => {};
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', pass);
      resolve(code ?? 128 + constants.signals[signal!]);
    });
  });
}
