// When a kubelet finds that memory or disk is short, and what it says about it.
// Source: pkg/kubelet/eviction/{eviction_manager,helpers}.go, 1.37. Deviations: inodes and process numbers are not counted;
// minimum reclaim is not modelled.

export type Signal = 'memory.available' | 'nodefs.available' | 'imagefs.available';

export interface Threshold {
  readonly signal: Signal;
  /** Bytes, or a share of the capacity. */
  readonly bytes?: number;
  readonly ratio?: number;
  /** A soft threshold must be met for so long; 0: a hard one. */
  readonly graceUs: number;
}

const MIB = 1024 * 1024;

/** Of a kubelet of 1.37 that is told nothing. */
export const DEFAULT_THRESHOLDS: readonly Threshold[] = [
  { signal: 'memory.available', bytes: 100 * MIB, graceUs: 0 },
  { signal: 'nodefs.available', ratio: 0.1, graceUs: 0 },
  { signal: 'imagefs.available', ratio: 0.15, graceUs: 0 },
];

export function thresholdBytes({ bytes, ratio }: Threshold, capacityBytes: number): number {
  return bytes ?? (ratio ?? 0) * capacityBytes;
}

/** Available and total bytes behind each signal. */
export interface Observation {
  readonly availableBytes: number;
  readonly capacityBytes: number;
}

export type Observations = Readonly<Record<'memory' | 'disk', Observation>>;

export const resourceOf = (signal: Signal): 'memory' | 'disk' =>
  signal === 'memory.available' ? 'memory' : 'disk';

/** Keeps one node's thresholds: since when each is met, and until when its condition stays. */
export class ThresholdWatch {
  readonly #thresholds: readonly Threshold[];
  readonly #transitionUs: number;
  /** By position among the thresholds; -1: not met. */
  readonly #metSinceUs: number[];
  readonly #lastSeenUs = { memory: -Infinity, disk: -Infinity };

  constructor(thresholds: readonly Threshold[], transitionUs: number) {
    this.#thresholds = thresholds;
    this.#transitionUs = transitionUs;
    this.#metSinceUs = thresholds.map(() => -1);
  }

  /** Looks, and answers the thresholds that call for action, memory first. */
  look(nowUs: number, observations: Observations): readonly Threshold[] {
    const due: Threshold[] = [];
    this.#thresholds.forEach((threshold, i) => {
      const resource = resourceOf(threshold.signal);
      const { availableBytes, capacityBytes } = observations[resource];
      if (availableBytes >= thresholdBytes(threshold, capacityBytes)) {
        this.#metSinceUs[i] = -1;
        return;
      }
      if (this.#metSinceUs[i]! < 0) this.#metSinceUs[i] = nowUs;
      this.#lastSeenUs[resource] = nowUs;
      if (nowUs - this.#metSinceUs[i]! >= threshold.graceUs) due.push(threshold);
    });
    return due.sort(
      (a, b) => Number(b.signal === 'memory.available') - Number(a.signal === 'memory.available'),
    );
  }

  /** Is the node under pressure? So it is for some time after the last sign of it. */
  hasPressure(resource: 'memory' | 'disk', nowUs: number): boolean {
    return nowUs - this.#lastSeenUs[resource] < this.#transitionUs;
  }
}
