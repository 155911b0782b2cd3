// Container runtimes that do not answer: after half a minute without an answer the node is not Ready.
// Source: pkg/kubelet/{kubelet,runtime}.go updateRuntimeUp, 1.37: asked every 5 s, unhealthy 30 s after the last answer.

const ASK_US = 5_000_000;
const PATIENCE_US = 30_000_000;

export class RuntimeHealth {
  /** Of runtimes that are down: the last time they answered. */
  readonly #lastAnswerUs = new Map<number, number>();

  /** The runtime stops; answers when its node ceases to be Ready. */
  stopped(row: number, tickUs: number, nowUs: number): number {
    const lastUs = tickUs + Math.floor((nowUs - tickUs) / ASK_US) * ASK_US;
    this.#lastAnswerUs.set(row, lastUs);
    return Math.max(nowUs, lastUs + PATIENCE_US);
  }

  /** It is back; answers when the kubelet knows. */
  started(row: number, tickUs: number, nowUs: number): number {
    const askedUs = tickUs + Math.ceil((nowUs - tickUs) / ASK_US) * ASK_US;
    this.#lastAnswerUs.delete(row);
    return askedUs;
  }

  isUnhealthy(row: number, nowUs: number): boolean {
    const lastUs = this.#lastAnswerUs.get(row);
    return lastUs !== undefined && nowUs >= lastUs + PATIENCE_US;
  }
}
