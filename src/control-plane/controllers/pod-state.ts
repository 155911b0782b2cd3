// How controllers read pods: availability, and the order in which surplus pods are deleted.
// Source: pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go (ActivePodsWithRanks), 1.37.

import type { PodObject } from '../../kube/pod-object.ts';
import type { WallClock } from '../../kube/wall-clock.ts';

const US_PER_S = 1_000_000;
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

/** How long until a pod has been ready for `minReadySeconds`: 0 when it is available, Infinity while it is not ready. */
export function availableInUs(
  pod: PodObject,
  minReadySeconds: number,
  nowUs: number,
  clock: WallClock,
): number {
  if (!pod.ready) return Number.POSITIVE_INFINITY;
  if (minReadySeconds === 0) return 0;
  const sinceUs = clock.floorSecondUs(pod.readyChangedUs ?? nowUs);
  return Math.max(0, sinceUs + minReadySeconds * US_PER_S - nowUs);
}

export function isAvailable(
  pod: PodObject,
  minReadySeconds: number,
  nowUs: number,
  clock: WallClock,
): boolean {
  return availableInUs(pod, minReadySeconds, nowUs, clock) === 0;
}

/** floor(log2(x)) for x >= 1, -1 below. */
function floorLog2(x: number): number {
  if (x < 1) return -1;
  const high = Math.floor(x / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(x >>> 0);
}

/** Ages are told apart by powers of two only (of nanoseconds). */
function ageRank(sinceUs: number, nowUs: number): number {
  return floorLog2((nowUs - sinceUs) * 1000);
}

const PHASE_RANK = { Pending: 0, Unknown: 1, Running: 2, Succeeded: 2, Failed: 2 } as const;
const INT32 = /^-?\d{1,10}$/;

function deletionCost(pod: PodObject): number {
  const text = pod.shape.annotations?.[DELETION_COST];
  if (text === undefined || !INT32.test(text)) return 0;
  const cost = Number(text);
  return Math.abs(cost) <= 2_147_483_648 ? cost : 0;
}

/**
 * Which of two pods a controller deletes first (negative: `a`). `rank` is how many pods of the same group share the pod's
 * node. Ties end with the lower uid.
 */
export function deletionOrder(
  a: PodObject,
  b: PodObject,
  rank: (pod: PodObject) => number,
  nowUs: number,
  clock: WallClock,
): number {
  const aBound = a.nodeName !== '';
  const bBound = b.nodeName !== '';
  if (aBound !== bBound) return aBound ? 1 : -1;
  const byState = PHASE_RANK[a.phase] - PHASE_RANK[b.phase] || Number(a.ready) - Number(b.ready);
  if (byState) return byState;
  const byCost = deletionCost(a) - deletionCost(b) || rank(b) - rank(a);
  if (byCost) return byCost;
  if (a.ready) {
    const aSince = clock.floorSecondUs(a.readyChangedUs ?? nowUs);
    const bSince = clock.floorSecondUs(b.readyChangedUs ?? nowUs);
    if (aSince !== bSince) return ageRank(aSince, nowUs) - ageRank(bSince, nowUs) || a.uid - b.uid;
  }
  const byRestarts = b.restartsMax - a.restartsMax;
  if (byRestarts) return byRestarts;
  const aBorn = clock.floorSecondUs(a.createdUs);
  const bBorn = clock.floorSecondUs(b.createdUs);
  return ageRank(aBorn, nowUs) - ageRank(bBorn, nowUs) || a.uid - b.uid;
}
