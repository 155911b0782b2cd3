// What a node of a type offers to pods: nominal size less the guest's overhead and the provider's reservations.
// Guest overhead is modelled for AWS only; on Azure and Google nodes show a few percent less memory than this.
import type { InstanceType } from './instance-type.ts';
import { aksReserved, awsGuestMemoryBytes, eksReserved, gkeReserved, type Reserved } from './reserved.ts';

export interface Allocatable {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly nPods: number;
  readonly nGpus: number;
}

/**
 * Pods a node takes: on AWS the network's limit capped at 110, or 250 from 30 vCPU on, as managed node groups do
 * (docs.aws.amazon.com/eks, "Choose an optimal EC2 node instance type").
 */
function nPodsOf({ provider, nPodsMax, nCpu }: InstanceType): number {
  return provider === 'aws' ? Math.min(nPodsMax, nCpu < 30 ? 110 : 250) : nPodsMax;
}

function reservedOf(type: InstanceType, nPodsMax: number): Reserved {
  switch (type.provider) {
    case 'aws':
      return eksReserved(type.nCpu, nPodsMax);
    case 'gcp':
      return gkeReserved(type.nCpu, type.memoryBytes);
    case 'azure':
      return aksReserved(type.nCpu, type.memoryBytes, nPodsMax);
    case 'custom':
      return { cpuMilli: 0, memoryBytes: 0 };
  }
}

/** Allocatable of a type; `nPodsMax` where the cluster sets its own limit of pods a node. */
export function allocatableOf(type: InstanceType, nPodsMax?: number): Allocatable {
  const nPods = nPodsMax ?? nPodsOf(type);
  const counts = { nPods, nGpus: type.nGpus };
  if (type.allocatable !== undefined) return { ...type.allocatable, ...counts };
  // EKS reserves by the network's limit even where fewer pods are allowed.
  const reserved = reservedOf(type, nPodsMax ?? type.nPodsMax);
  const capacity =
    type.provider === 'aws' ? awsGuestMemoryBytes(type.memoryBytes, type.arch) : type.memoryBytes;
  const memoryBytes = Math.max(0, capacity - reserved.memoryBytes);
  return { cpuMilli: type.nCpu * 1000 - reserved.cpuMilli, memoryBytes, ...counts };
}
