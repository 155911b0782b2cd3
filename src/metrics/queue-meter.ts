/** How long a queue was over time, how much went through it, and how long that waited. */
import type { QueueLoad } from './run-metrics.ts';

type Load = Omit<QueueLoad, 'program' | 'queue'>;

export class QueueMeter {
  /** What came back because the work on it had failed. */
  nRetries = 0;
  #nAdds = 0;
  #nTaken = 0;
  #depth = 0;
  #depthMax = 0;
  /** Integral of the depth over time, up to `#lastUs`. */
  #areaUs = 0;
  #lastUs = 0;
  #waitUs = 0;
  #waitUsMax = 0;

  /** Something comes to wait. */
  enter(nowUs: number): void {
    this.#nAdds++;
    this.setDepth(this.#depth + 1, nowUs);
  }

  /** Something that has waited since `sinceUs` is taken. */
  leave(nowUs: number, sinceUs: number): void {
    const waitUs = nowUs - sinceUs;
    this.#nTaken++;
    this.#waitUs += waitUs;
    if (waitUs > this.#waitUsMax) this.#waitUsMax = waitUs;
    this.setDepth(this.#depth - 1, nowUs);
  }

  /** Something goes through without any wait. */
  pass(): void {
    this.#nAdds++;
    this.#nTaken++;
  }

  /** For queues of which only the length is known, or that are emptied at one blow. */
  setDepth(depth: number, nowUs: number): void {
    this.#areaUs += this.#depth * (nowUs - this.#lastUs);
    this.#lastUs = nowUs;
    this.#depth = depth;
    if (depth > this.#depthMax) this.#depthMax = depth;
  }

  /** @param oldestUs since when what has waited longest is waiting still */
  load(nowUs: number, oldestUs = nowUs): Load {
    const areaUs = this.#areaUs + this.#depth * (nowUs - this.#lastUs);
    return {
      nAdds: this.#nAdds,
      nRetries: this.nRetries,
      depthMean: nowUs > 0 ? areaUs / nowUs : this.#depth,
      depthMax: this.#depthMax,
      waitUsMean: this.#nTaken > 0 ? Math.round(this.#waitUs / this.#nTaken) : null,
      waitUsMax: Math.max(this.#waitUsMax, nowUs - oldestUs),
    };
  }
}

/** Two queues as one; the longest is that of either, as they need not have been long at the same time. */
export function together(a: Load, b: Load): Load {
  const nAdds = (a.nAdds ?? 0) + (b.nAdds ?? 0);
  const waitUs = (load: Load) => (load.waitUsMean ?? 0) * (load.nAdds ?? 0);
  return {
    nAdds,
    nRetries: null,
    depthMean: a.depthMean + b.depthMean,
    depthMax: Math.max(a.depthMax, b.depthMax),
    waitUsMean: nAdds > 0 ? Math.round((waitUs(a) + waitUs(b)) / nAdds) : null,
    waitUsMax: Math.max(a.waitUsMax ?? 0, b.waitUsMax ?? 0),
  };
}
