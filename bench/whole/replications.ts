/** `wavetank replicate` with one thread and with several: how many times as many replications a second of wall time. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = process.cwd();
const COMMAND = join(ROOT, 'bin', 'wavetank.js');

export interface Replications {
  readonly file: string;
  readonly until: string;
  readonly nReplications: number;
  readonly nJobs: number;
}

/** Several threads before and after the one: a drift of the machine's speed meets both. */
export function speedUp({ file, until, nReplications, nJobs }: Replications): number {
  const secondsWith = (jobs: number) =>
    replicate([file, '--until', until, '--replications', `${nReplications}`, '--jobs', `${jobs}`]);
  const before = secondsWith(nJobs);
  const alone = secondsWith(1);
  return (2 * alone) / (before + secondsWith(nJobs));
}

/** From the command's start to its end. */
function replicate(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-bench-'));
  try {
    const startMs = performance.now();
    const all = [COMMAND, 'replicate', ...args, '--quiet', '--out', join(folder, 'out')];
    const { status, stderr } = spawnSync(process.execPath, all, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the command failed: ${stderr}`);
    return (performance.now() - startMs) / 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
