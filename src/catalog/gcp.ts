// Popular Google Compute Engine machine types, retyped from the machine family guide (cloud.google.com/compute/docs).
// No dated price list was at hand: prices are unknown.
import type { InstanceType } from './instance-type.ts';
import { gib } from './instance-type.ts';

/** A predefined series: name without the vCPU count, memory per vCPU, the counts, and how it differs. */
interface Series {
  readonly name: string;
  readonly gibPerCpu: number;
  readonly nCpus: readonly number[];
  readonly arch?: 'arm64';
}

const SERIES: readonly Series[] = [
  { name: 'e2-standard', gibPerCpu: 4, nCpus: [2, 4, 8, 16, 32] },
  { name: 'e2-highmem', gibPerCpu: 8, nCpus: [4, 8] },
  { name: 'n1-standard', gibPerCpu: 3.75, nCpus: [4, 8] },
  { name: 'n2-standard', gibPerCpu: 4, nCpus: [2, 4, 8, 16, 32] },
  { name: 'n2-highmem', gibPerCpu: 8, nCpus: [4, 8, 16] },
  { name: 'n2-highcpu', gibPerCpu: 1, nCpus: [8, 16] },
  { name: 'n2d-standard', gibPerCpu: 4, nCpus: [4, 8, 16] },
  { name: 'c2-standard', gibPerCpu: 4, nCpus: [4, 8, 16] },
  { name: 'c3-standard', gibPerCpu: 4, nCpus: [4, 8, 22] },
  { name: 't2d-standard', gibPerCpu: 4, nCpus: [4, 8] },
  { name: 't2a-standard', gibPerCpu: 4, nCpus: [4, 8], arch: 'arm64' },
];

type GpuRow = [name: string, nCpu: number, memoryGib: number, nGpus: number, gpuModel: string];

const GPU_ROWS: readonly GpuRow[] = [
  ['g2-standard-4', 4, 16, 1, 'L4'],
  ['g2-standard-8', 8, 32, 1, 'L4'],
  ['g2-standard-48', 48, 192, 4, 'L4'],
  ['a2-highgpu-1g', 12, 85, 1, 'A100-40GB'],
  ['a3-highgpu-8g', 208, 1872, 8, 'H100'],
];

/** GKE's default and limit of Standard clusters unless configured (cloud.google.com/kubernetes-engine/quotas). */
const N_PODS_MAX = 110;

const common = { provider: 'gcp', nPodsMax: N_PODS_MAX, price: null } as const;

export const GCP: readonly InstanceType[] = [
  ...SERIES.flatMap(({ name, gibPerCpu, nCpus, arch }) =>
    nCpus.map((nCpu): InstanceType => {
      return {
        ...common,
        name: `${name}-${nCpu}`,
        arch: arch ?? 'amd64',
        nCpu,
        memoryBytes: gib(nCpu * gibPerCpu),
        nGpus: 0,
      };
    }),
  ),
  ...GPU_ROWS.map(([name, nCpu, memoryGib, nGpus, gpuModel]): InstanceType => {
    return { ...common, name, arch: 'amd64', nCpu, memoryBytes: gib(memoryGib), nGpus, gpuModel };
  }),
];
