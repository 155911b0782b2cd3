// The adapters on the published traces themselves; skipped where the data folder is not there.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { drainPods } from '../../../test/support/arrivals.ts';
import type { PodArrival } from '../source.ts';
import { openbPods } from './openb.ts';
import { readOpenbNodes } from './openb-nodes.ts';
import { phillyJobs } from './philly.ts';
import { surfTasks } from './surf.ts';
import { type TraceFormat, TraceSource } from './trace-source.ts';

const data = process.env.WAVETANK_DATA;

function open(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(`${data}/${file}`), crlfDelay: Number.POSITIVE_INFINITY });
}

function read(format: TraceFormat, file: string, sort = false): Promise<PodArrival[]> {
  return drainPods(new TraceSource(format, { file, lines: open(file), sort }));
}

function requestedOf(pod: PodArrival, resource: string): number {
  return Number(pod.shape.spec.containers[0]?.resources?.requests?.[resource] ?? 0);
}

/** Most pods alive at one instant if each starts as it arrives; one that ends makes room for one that starts. */
function peakOf(pods: readonly PodArrival[]): number {
  const changes = pods.flatMap((pod) => [
    [pod.atUs, 1] as const,
    [pod.atUs + (pod.runUs ?? Number.POSITIVE_INFINITY), -1] as const,
  ]);
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let alive = 0;
  let peak = 0;
  for (const [, change] of changes) peak = Math.max(peak, (alive += change));
  return peak;
}

describe.skipIf(!data)('the published traces', () => {
  it('openb has 1,213 GPU nodes with 6,212 GPUs and 107,018 cores', async () => {
    const nodes = await readOpenbNodes(open('openb/openb_node_list_gpu_node.csv'), 'nodes');
    const total = (resource: string) =>
      nodes.reduce((sum, node) => sum + Number.parseInt(String(node.status?.allocatable?.[resource]), 10), 0);
    expect(nodes).toHaveLength(1213);
    expect(total('wavetank.io/gpu-devices')).toBe(6212);
    expect(total('wavetank.io/gpu-milli')).toBe(6_212_000);
    expect(total('cpu')).toBe(107_018_000);
    expect(total('memory')).toBe(503_828_480);
  });

  it('openb has 8,152 pods in 162 shapes that never leave by default', async () => {
    const pods = await read(openbPods(), 'openb/openb_pod_list_default.csv');
    expect(pods).toHaveLength(8152);
    expect(new Set(pods.map((pod) => pod.shape)).size).toBe(162);
    expect(pods.every((pod) => pod.runUs === undefined)).toBe(true);
    const shared = pods.filter((pod) => requestedOf(pod, 'wavetank.io/gpu-milli') % 1000 !== 0);
    expect(shared).toHaveLength(3078);
  });

  it('openb with departures spans 149 days', async () => {
    const pods = await read(openbPods({ departures: true }), 'openb/openb_pod_list_default.csv');
    expect(Math.floor(Math.max(...pods.map((pod) => pod.atUs + (pod.runUs ?? 0))) / 86400e6)).toBe(149);
    expect(peakOf(pods)).toBeLessThanOrEqual(56);
  });

  it.each([
    ['gpushare40', 8152],
    ['cpu300', 10094],
  ])('openb variant %s is not in time order and is read with sort', async (variant, nPods) => {
    const file = `openb/openb_pod_list_${variant}.csv`;
    await expect(read(openbPods(), file)).rejects.toThrow('set `sort: true`');
    expect(await read(openbPods(), file, true)).toHaveLength(nPods);
  });

  it('openb variant multigpu50 has no times and is read at an interval', async () => {
    const pods = await read(openbPods({ intervalUs: 1e6 }), 'openb/openb_pod_list_multigpu50.csv');
    expect(pods).toHaveLength(9061);
    expect(pods.at(-1)?.atUs).toBe(9060e6);
  });

  it.each([
    ['week', 6295, 169],
    ['month', 68648, 228],
  ])(
    'SURF %s has %i tasks and needs exactly %i hosts when all start at once',
    async (span, nTasks, nHosts) => {
      const pods = await read(surfTasks(), `opendc-surf/surf_${span}_tasks.csv`);
      expect(pods).toHaveLength(nTasks);
      expect(pods.every((pod) => requestedOf(pod, 'cpu') === 16)).toBe(true);
      expect(peakOf(pods)).toBe(nHosts);
    },
  );

  it('Philly has 82,247 jobs of 978,078 GPU-hours, none of whose pods outgrows a node', async () => {
    const pods = await read(phillyJobs(), 'philly-jobs/philly_jobs.csv');
    expect(new Set(pods.map((pod) => pod.group)).size).toBe(82_247);
    const gpus = (pod: PodArrival) => requestedOf(pod, 'nvidia.com/gpu');
    expect(Math.max(...pods.map(gpus))).toBe(8);
    const gpuHours = pods.reduce((sum, pod) => sum + (gpus(pod) * (pod.runUs ?? 0)) / 3600e6, 0);
    expect(Math.round(gpuHours)).toBe(978_078);
  });
});
