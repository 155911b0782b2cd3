/** `wavetank run` of many short pods as users call it, results written: CPU seconds, and resident memory as it goes on. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ShortPods, shortPodsText } from './short-pods.ts';

const COMMAND = join(process.cwd(), 'bin', 'wavetank.js');
const MS_PER_LOOK = 250;
const N_PODS_PER_STEP = 1_000_000;

export interface CommandRun {
  readonly cpuSeconds: number;
  readonly peakRssMiB: number;
  /** Largest resident memory while the first, the second, … million of pods ended; empty where it cannot be seen. */
  readonly rssMiBByMillion: readonly number[];
}

interface Look {
  readonly rssMiB: number;
  readonly writtenBytes: number;
}

export async function commandRun(of: ShortPods): Promise<CommandRun> {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-bench-'));
  try {
    const scenario = join(folder, 'short-pods.json');
    writeFileSync(scenario, shortPodsText(of));
    const out = join(folder, 'out');
    const looks = await run([COMMAND, 'run', scenario, '--quiet', '--out', out], folder);
    const timing = JSON.parse(readFileSync(join(out, 'timing.json'), 'utf8')) as Record<string, number>;
    const totalBytes = statSync(join(out, 'pods.csv')).size;
    return {
      cpuSeconds: timing.cpuSeconds!,
      peakRssMiB: Math.round(timing.rssBytesMax! / 2 ** 20),
      rssMiBByMillion: byMillion(looks, totalBytes, of.nPods),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(args: readonly string[], folder: string): Promise<Look[]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const looks: Look[] = [];
  const timer = setInterval(() => {
    const rssMiB = residentMiB(child.pid!);
    if (rssMiB !== undefined) looks.push({ rssMiB, writtenBytes: writtenBytes(folder) });
  }, MS_PER_LOOK);
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(looks);
      else reject(new Error(`the command ended with ${code}`));
    });
  });
}

/** Where /proc tells. */
function residentMiB(pid: number): number | undefined {
  const file = `/proc/${pid}/status`;
  const kib = existsSync(file) ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return kib === undefined ? undefined : Number(kib) / 1024;
}

function writtenBytes(folder: string): number {
  const partial = readdirSync(folder).find((name) => name.endsWith('.partial'));
  return partial === undefined
    ? 0
    : (statSync(join(folder, partial, 'pods.csv'), { throwIfNoEntry: false })?.size ?? 0);
}

/** Rows are about equally long. */
function byMillion(looks: readonly Look[], totalBytes: number, nPods: number): number[] {
  const peaks: number[] = [];
  for (const { rssMiB, writtenBytes } of looks) {
    const million = Math.floor((writtenBytes / totalBytes) * (nPods / N_PODS_PER_STEP));
    peaks[million] = Math.max(peaks[million] ?? 0, rssMiB);
  }
  return peaks.slice(0, nPods / N_PODS_PER_STEP).map(Math.round);
}
