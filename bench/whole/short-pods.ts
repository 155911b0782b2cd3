/** Short pods that come and go: what a whole life costs, in time and in memory. */
import { loadScenario, memoryFiles } from '../../src/index.ts';
import { wholeRun } from './whole-run.ts';

export interface ShortPods {
  readonly nNodes: number;
  readonly nPods: number;
}

const N_FINISHED_PER_SAMPLE = 50_000;
const SECONDS_ALIVE = 5;
const PODS_ALIVE_PER_NODE = 5;

/** The scenario as a file. */
export function shortPodsText({ nNodes, nPods }: ShortPods): string {
  const cluster = {
    nodeGroups: [
      { name: 'node', count: nNodes, allocatable: { cpu: '32', memory: '128Gi' }, zones: ['a', 'b', 'c'] },
    ],
  };
  const duration = { kind: 'exponential', mean: `${SECONDS_ALIVE}s` };
  const templates = [
    { name: 'small', cpu: '500m', memory: '1Gi', duration },
    { name: 'large', cpu: '2', memory: '4Gi', duration },
  ];
  const arrivals = { process: 'poisson', rate: (nNodes * PODS_ALIVE_PER_NODE) / SECONDS_ALIVE };
  const workload = [{ generator: 'short', arrivals, limit: nPods, templates }];
  return JSON.stringify({ cluster, model: { controlPlane: 'instant' }, workload });
}

async function open(of: ShortPods) {
  const files = memoryFiles({ 'short-pods.json': shortPodsText(of) });
  return { files, scenario: await loadScenario('short-pods.json', files) };
}

/** Pods created, queued, scheduled, started and finished per CPU second, and the bytes of objects that each makes. */
export async function lives(of: ShortPods): Promise<{ perCpuSecond: number; allocatedBytes: number }> {
  const { scenario, files } = await open(of);
  const { nEnded, cpuSeconds, allocatedBytes } = await wholeRun(scenario, files);
  return { perCpuSecond: nEnded / cpuSeconds, allocatedBytes: allocatedBytes / nEnded };
}

/**
 * Bytes of resident memory that a finished pod leaves behind: the growth from the first sample to the last, by pod. The
 * samples between collect garbage too, so that the heap's spare room, which follows how much garbage there was at its
 * worst, is the same at both ends.
 */
export async function bytesPerFinishedPod(of: ShortPods): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('memory is measured with --expose-gc');
  const { scenario, files } = await open(of);
  const samples: { nEnded: number; bytes: number }[] = [];
  await wholeRun(scenario, files, (nEnded) => {
    if (nEnded < (samples.length + 1) * N_FINISHED_PER_SAMPLE) return;
    gc();
    samples.push({ nEnded, bytes: process.memoryUsage.rss() });
  });
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) throw new Error('too few pods to measure');
  return (last.bytes - first.bytes) / (last.nEnded - first.nEnded);
}
