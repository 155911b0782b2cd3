/** From the command's start to its end, in seconds of wall time, where there is nothing to simulate. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCENARIO = 'cluster: {nodeGroups: [{name: node, count: 1, allocatable: {cpu: 1, memory: 1Gi}}]}\n';
const COMMAND = join(process.cwd(), 'bin', 'wavetank.js');

export function startUpSeconds(): number {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-bench-'));
  try {
    const scenario = join(folder, 'start-up.yaml');
    writeFileSync(scenario, SCENARIO);
    const args = [COMMAND, 'run', scenario, '--quiet', '--out', join(folder, 'out')];
    const startMs = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the command failed: ${stderr}`);
    return (performance.now() - startMs) / 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
