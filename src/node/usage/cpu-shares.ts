// How CPU is divided when containers want more than the node has: by weight, nobody gets more than it wants or may have.
// Source: the kernel's fair scheduler with cpu.weight and cpu.max as the kubelet sets them (pkg/kubelet/cm, 1.37).

/** One container: all in millicores. */
export interface CpuClaim {
  readonly wantedMilli: number;
  readonly limitMilli: number;
  readonly requestMilli: number;
}

const WEIGHT_MIN = 2;

/** cpu.shares of a request. */
export function cpuWeight(requestMilli: number): number {
  return Math.max(WEIGHT_MIN, Math.floor((requestMilli * 1024) / 1000));
}

/** Fills `granted` with what each claim gets of `capacityMilli`. */
export function divideCpu(claims: readonly CpuClaim[], capacityMilli: number, granted: Float64Array): void {
  const caps = claims.map(({ wantedMilli, limitMilli }) => Math.min(wantedMilli, limitMilli));
  const weights = claims.map(({ requestMilli }) => cpuWeight(requestMilli));
  const order = claims.map((_, i) => i);
  order.sort((a, b) => caps[a]! / weights[a]! - caps[b]! / weights[b]! || a - b);
  let leftMilli = capacityMilli;
  let leftWeight = weights.reduce((sum, weight) => sum + weight, 0);
  for (const i of order) {
    granted[i] = Math.min(caps[i]!, (leftMilli * weights[i]!) / leftWeight);
    leftMilli -= granted[i]!;
    leftWeight -= weights[i]!;
  }
}
