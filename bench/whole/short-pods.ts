/** Short pods that come and go: what a whole life costs, in time and in memory. */
import { loadScenario, memoryFiles } from '../../src/index.ts';
import { wholeRun } from './whole-run.ts';

export interface ShortPods {
  readonly nNodes: number;
  readonly nPods: number;
}

const N_FINISHED_BEFORE = 50_000;
const SECONDS_ALIVE = 5;
const PODS_ALIVE_PER_NODE = 5;

async function open({ nNodes, nPods }: ShortPods) {
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
  const text = JSON.stringify({ cluster, model: { controlPlane: 'instant' }, workload });
  const files = memoryFiles({ 'short-pods.json': text });
  return { files, scenario: await loadScenario('short-pods.json', files) };
}

/** Pods created, queued, scheduled, started and finished per CPU second. */
export async function livesPerCpuSecond(of: ShortPods): Promise<number> {
  const { scenario, files } = await open(of);
  const { nEnded, cpuSeconds } = await wholeRun(scenario, files);
  return nEnded / cpuSeconds;
}

/** Bytes of resident memory that a finished pod leaves behind: the growth after the first ones, by pod. */
export async function bytesPerFinishedPod(of: ShortPods): Promise<number> {
  const { gc } = globalThis;
  if (!gc) throw new Error('memory is measured with --expose-gc');
  const { scenario, files } = await open(of);
  const residentBytes = () => {
    gc();
    return process.memoryUsage.rss();
  };
  const marks = [N_FINISHED_BEFORE, of.nPods - N_FINISHED_BEFORE / 2];
  const samples: { nEnded: number; bytes: number }[] = [];
  await wholeRun(scenario, files, (nEnded) => {
    if (nEnded >= (marks[samples.length] ?? Number.POSITIVE_INFINITY))
      samples.push({ nEnded, bytes: residentBytes() });
  });
  const [first, last] = samples;
  if (!first || !last) throw new Error('too few pods to measure');
  return (last.bytes - first.bytes) / (last.nEnded - first.nEnded);
}
