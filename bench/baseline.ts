/** The real scheduler's benchmark, built from the oracle's source where Go is installed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SchedulingCase } from './scheduling/measure.ts';

const SOURCE = join('conformance', 'oracle', 'modern');
/** The real scheduler's rate hardly depends on the number of pods; more than this takes minutes. */
const N_PODS = 1000;
const LIMIT = '40s';

export type Baseline = (of: SchedulingCase) => number;

/** @returns why there is none, as text */
export function buildBaseline(): Baseline | string {
  if (spawnSync('go', ['version']).status !== 0) return 'Go is not installed: the baseline is left out.';
  const folder = join(process.cwd(), 'results');
  mkdirSync(folder, { recursive: true });
  const binary = join(folder, 'oracle');
  console.log('Building the real scheduler; the first time takes minutes.');
  const built = spawnSync('go', ['build', '-o', binary, '.'], { cwd: SOURCE, encoding: 'utf8' });
  if (built.status !== 0) return `The real scheduler was not built: ${built.stderr.trim()}`;
  return (of) => podsPerCpuSecond(binary, of);
}

function podsPerCpuSecond(
  binary: string,
  { nNodes, variant, percentageOfNodesToScore }: SchedulingCase,
): number {
  const options = { n: nNodes, p: N_PODS, variant, pct: percentageOfNodesToScore, limit: LIMIT };
  const args = Object.entries(options).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const { stdout, stderr, status } = spawnSync(binary, ['bench', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the real scheduler's benchmark failed: ${stderr}`);
  return (JSON.parse(stdout) as { podsPerCpuSecond: number }).podsPerCpuSecond;
}
