// CrashLoopBackOff: how long a container that has exited must wait before it is started again.
// Source: pkg/kubelet/kuberuntime doBackOff with client-go util/flowcontrol Backoff, 1.37: 10 s doubled up to a cap; no
// wait for the first restart; forgotten when the container ran on for twice the default cap after its last start.

const FORGET_US = 600_000_000;

export interface CrashBackoffModel {
  readonly initialUs: number;
  readonly maxUs: number;
}

/** The entry of one container. */
export class CrashBackoff {
  /** 0: no entry. */
  #backoffUs = 0;
  #updatedUs = 0;

  /** The earliest restart of a container that finished at an instant. */
  allowedUs(finishedUs: number): number {
    if (this.#backoffUs === 0 || finishedUs - this.#updatedUs > FORGET_US) return finishedUs;
    return finishedUs + this.#backoffUs;
  }

  /** It is started again now. */
  restarted(model: CrashBackoffModel, finishedUs: number, nowUs: number): void {
    const isNew = this.#backoffUs === 0 || finishedUs - this.#updatedUs > FORGET_US;
    this.#backoffUs = Math.min(isNew ? model.initialUs : this.#backoffUs * 2, model.maxUs);
    this.#updatedUs = nowUs;
  }
}
