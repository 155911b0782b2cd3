// What providers set aside on a node for the system, the kubelet and eviction, by their published formulas.
// Managed images differ in details from release to release; where the formula is not published it is said here.

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Hard eviction threshold of memory: 100Mi (kubelet's default, pkg/kubelet/apis/config/v1beta1, Kubernetes 1.37). */
export const EVICTION_BYTES = 100 * MIB;

/** Steps of a progressive tariff: `ratio` of what lies below `upTo`, beyond the step before. */
type Steps = readonly (readonly [upTo: number, ratio: number])[];

function stepped(amount: number, steps: Steps): number {
  let sum = 0;
  let below = 0;
  for (const [upTo, ratio] of steps) {
    sum += Math.max(0, Math.min(amount, upTo) - below) * ratio;
    below = upTo;
  }
  return sum;
}

/** GKE's CPU reservation (cloud.google.com, "Plan GKE Standard node sizes"), which EKS's bootstrap adopted. */
const CPU_STEPS: Steps = [
  [1, 0.06],
  [2, 0.01],
  [4, 0.005],
  [Infinity, 0.0025],
];

const GKE_MEMORY_STEPS: Steps = [
  [4 * GIB, 0.25],
  [8 * GIB, 0.2],
  [16 * GIB, 0.1],
  [128 * GIB, 0.06],
  [Infinity, 0.02],
];

/** AKS reserves 60m, 100m and 140m of 1, 2 and 4 cores, then 10m a core: 180m of 8 … 740m of 64 (AKS 1.29 and later). */
const AKS_CPU_STEPS: Steps = [
  [1, 0.06],
  [2, 0.04],
  [4, 0.02],
  [Infinity, 0.01],
];

/** Milli-CPU and bytes of memory, eviction threshold included. */
export interface Reserved {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

function milli(cores: number): number {
  return Math.ceil(Number((cores * 1000).toFixed(6)));
}

/** EKS: memory by pods (awslabs/amazon-eks-ami: 11 MiB a pod and 255 MiB). */
export function eksReserved(nCpu: number, nPodsMax: number): Reserved {
  const memoryBytes = (11 * nPodsMax + 255) * MIB + EVICTION_BYTES;
  return { cpuMilli: milli(stepped(nCpu, CPU_STEPS)), memoryBytes };
}

/** GKE: memory by size. */
export function gkeReserved(nCpu: number, memoryBytes: number): Reserved {
  const reserved = Math.ceil(stepped(memoryBytes, GKE_MEMORY_STEPS));
  return { cpuMilli: milli(stepped(nCpu, CPU_STEPS)), memoryBytes: reserved + EVICTION_BYTES };
}

/** AKS 1.29 and later: the lesser of 20 MB a pod and 50 MB, or a quarter; megabytes are taken as MiB. */
export function aksReserved(nCpu: number, memoryBytes: number, nPodsMax: number): Reserved {
  const reserved = Math.min((20 * nPodsMax + 50) * MIB, Math.ceil(memoryBytes / 4));
  return { cpuMilli: milli(stepped(nCpu, AKS_CPU_STEPS)), memoryBytes: reserved + EVICTION_BYTES };
}

/**
 * Memory a Nitro or Xen guest sees of what is sold: Karpenter's default vmMemoryOverheadPercent of 7.5 %, and 64 MiB
 * more on arm64 (karpenter-provider-aws, pkg/providers/instancetype/types.go).
 */
export function awsGuestMemoryBytes(memoryBytes: number, arch: 'amd64' | 'arm64'): number {
  const nominal = arch === 'arm64' ? memoryBytes - 64 * MIB : memoryBytes;
  return nominal - Math.ceil((nominal / MIB) * 0.075) * MIB;
}
