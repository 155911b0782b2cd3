/** When most is asked for: pods that come and go, at the instants at which the sums of their requests are largest. */

/** A pod that is there from one instant to another, if it never waits. */
export interface Life {
  readonly kindIdx: number;
  readonly fromUs: number;
  readonly untilUs: number;
}

interface Change {
  readonly atUs: number;
  readonly kindIdx: number;
  readonly nPods: 1 | -1;
}

/**
 * For each resource, and for the number of pods, the counts by kind when its sum is largest; equal counts once. Of equal
 * sums the first counts; who leaves at an instant is not there together with who comes.
 * @param requests of one pod, by kind
 */
export function peakCounts(
  lives: readonly Life[],
  requests: readonly Readonly<Record<string, number>>[],
): number[][] {
  const changes = changesOf(lives);
  const peaks = new Set(peakChanges(changes, requests));
  const counts = requests.map(() => 0);
  const found = changes.flatMap(({ kindIdx, nPods }, i) => {
    counts[kindIdx] = counts[kindIdx]! + nPods;
    return peaks.has(i) ? [[...counts]] : [];
  });
  return [...new Map(found.map((peak) => [peak.join(), peak])).values()];
}

function changesOf(lives: readonly Life[]): Change[] {
  const changes = lives.flatMap(({ kindIdx, fromUs, untilUs }): Change[] => [
    { atUs: fromUs, kindIdx, nPods: 1 },
    { atUs: untilUs, kindIdx, nPods: -1 },
  ]);
  return changes.sort((a, b) => a.atUs - b.atUs || a.nPods - b.nPods);
}

/** The changes after which the sums are largest. */
function peakChanges(
  changes: readonly Change[],
  requests: readonly Readonly<Record<string, number>>[],
): number[] {
  const amounts = requests.map((request) => ({ ...request, pods: 1 }));
  const resources = [...new Set(amounts.flatMap((request) => Object.keys(request)))];
  return resources.map((resource) => {
    const sizes = amounts.map((request) => (request as Record<string, number>)[resource] ?? 0);
    let sum = 0;
    let most = 0;
    let peak = -1;
    for (const [i, { kindIdx, nPods }] of changes.entries()) {
      sum += nPods * sizes[kindIdx]!;
      if (sum <= most) continue;
      most = sum;
      peak = i;
    }
    return peak;
  });
}
