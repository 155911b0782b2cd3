// Which pod a kubelet evicts first when the node runs short.
// Source: pkg/kubelet/eviction/helpers.go rankMemoryPressure and rankDiskPressureFunc, 1.37: who uses more than it requests,
// then lower priority, then who uses most beyond its request.

export interface Candidate {
  readonly usedBytes: number;
  readonly requestedBytes: number;
  readonly priority: number;
  /** Ends ties: the pod that came first goes first. */
  readonly uid: number;
}

export function compareCandidates(a: Candidate, b: Candidate): number {
  const aExceeds = a.usedBytes > a.requestedBytes;
  const bExceeds = b.usedBytes > b.requestedBytes;
  if (aExceeds !== bExceeds) return aExceeds ? -1 : 1;
  return (
    a.priority - b.priority ||
    b.usedBytes - b.requestedBytes - (a.usedBytes - a.requestedBytes) ||
    a.uid - b.uid
  );
}
