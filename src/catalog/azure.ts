// Popular Azure VM sizes, retyped. Prices from karpenter-provider-azure (zz_generated.pricing.go, commit 352646f5):
// pay-as-you-go Linux, eastus, generated 2026-06-18. vCPU and memory from the sizes' public descriptions.
import type { InstanceType } from './instance-type.ts';
import { gib } from './instance-type.ts';

type Row = [
  name: string,
  nCpu: number,
  memoryGib: number,
  usdPerHour: number,
  nGpus?: number,
  gpuModel?: string,
];

const ROWS: readonly Row[] = [
  ['Standard_D2s_v3', 2, 8, 0.096],
  ['Standard_D4s_v3', 4, 16, 0.192],
  ['Standard_D8s_v3', 8, 32, 0.384],
  ['Standard_D16s_v3', 16, 64, 0.768],
  ['Standard_D2s_v5', 2, 8, 0.096],
  ['Standard_D4s_v5', 4, 16, 0.192],
  ['Standard_D8s_v5', 8, 32, 0.384],
  ['Standard_D16s_v5', 16, 64, 0.768],
  ['Standard_D32s_v5', 32, 128, 1.536],
  ['Standard_D64s_v5', 64, 256, 3.072],
  ['Standard_D4as_v5', 4, 16, 0.172],
  ['Standard_D8as_v5', 8, 32, 0.344],
  ['Standard_D16as_v5', 16, 64, 0.688],
  ['Standard_D2ps_v5', 2, 8, 0.077],
  ['Standard_D4ps_v5', 4, 16, 0.154],
  ['Standard_D8ps_v5', 8, 32, 0.308],
  ['Standard_D4s_v6', 4, 16, 0.202],
  ['Standard_D8s_v6', 8, 32, 0.403],
  ['Standard_E2s_v5', 2, 16, 0.126],
  ['Standard_E4s_v5', 4, 32, 0.252],
  ['Standard_E8s_v5', 8, 64, 0.504],
  ['Standard_E16s_v5', 16, 128, 1.008],
  ['Standard_F2s_v2', 2, 4, 0.0846],
  ['Standard_F4s_v2', 4, 8, 0.169],
  ['Standard_F8s_v2', 8, 16, 0.338],
  ['Standard_F16s_v2', 16, 32, 0.677],
  ['Standard_F32s_v2', 32, 64, 1.353],
  ['Standard_B2s', 2, 4, 0.0416],
  ['Standard_B2ms', 2, 8, 0.0832],
  ['Standard_B4ms', 4, 16, 0.166],
  ['Standard_NC4as_T4_v3', 4, 28, 0.526, 1, 'T4'],
  ['Standard_NC16as_T4_v3', 16, 110, 1.204, 1, 'T4'],
  ['Standard_NC64as_T4_v3', 64, 440, 4.352, 4, 'T4'],
  ['Standard_NC24ads_A100_v4', 24, 220, 3.673, 1, 'A100-80GB'],
  ['Standard_NC6s_v3', 6, 112, 3.06, 1, 'V100'],
];

/** Sizes whose letters include "p" have Arm processors (D2ps_v5). */
function isArm(name: string): boolean {
  return /_[A-Z]+\d+[a-z]*p/.test(name);
}

export const AZURE: readonly InstanceType[] = ROWS.map(
  ([name, nCpu, memoryGib, usdPerHour, nGpus = 0, gpuModel]) => ({
    name,
    provider: 'azure',
    arch: isArm(name) ? 'arm64' : 'amd64',
    nCpu,
    memoryBytes: gib(memoryGib),
    nGpus,
    ...(gpuModel === undefined ? {} : { gpuModel }),
    // AKS's default with kubenet; Azure CNI sets 30, its overlay mode 250 (learn.microsoft.com, "Quotas and limits").
    nPodsMax: 110,
    price: { usdPerHour, region: 'eastus', date: '2026-06-18' },
  }),
);
