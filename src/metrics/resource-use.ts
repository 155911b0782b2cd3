/**
 * How much of one resource is there and asked for, over time, for many rows (nodes, or pools of nodes): amounts, peaks and
 * integrals, kept current by each change. The fields of a row lie side by side.
 */

const STRIDE = 8;
const ALLOCATABLE = 0;
const REQUESTED = 1;
const REQUESTED_MAX = 2;
const RATIO_MAX = 3;
/** Sums over time, up to `SINCE_US`. */
const ALLOCATABLE_SUM = 4;
const REQUESTED_SUM = 5;
const SINCE_US = 6;

export class ResourceUse {
  #data = new Float64Array(STRIDE * 16);

  /** Adds `amount` to what is asked for on a row. */
  request(row: number, amount: number, nowUs: number): void {
    const data = this.#data;
    const at = row * STRIDE;
    const spanUs = nowUs - data[at + SINCE_US]!;
    const allocatable = data[at]!;
    let requested = data[at + REQUESTED]!;
    if (spanUs > 0) {
      data[at + ALLOCATABLE_SUM]! += allocatable * spanUs;
      data[at + REQUESTED_SUM]! += requested * spanUs;
      data[at + SINCE_US] = nowUs;
    }
    requested += amount;
    data[at + REQUESTED] = requested;
    if (amount <= 0) return;
    if (requested > data[at + REQUESTED_MAX]!) data[at + REQUESTED_MAX] = requested;
    this.#noteRatio(at);
  }

  /** Adds `amount` to what a row has. */
  allocate(row: number, amount: number, nowUs: number): void {
    while (row * STRIDE >= this.#data.length) this.#grow();
    this.request(row, 0, nowUs);
    this.#data[row * STRIDE + ALLOCATABLE]! += amount;
    this.#noteRatio(row * STRIDE);
  }

  allocatable(row: number): number {
    return this.#data[row * STRIDE + ALLOCATABLE] ?? 0;
  }

  requested(row: number): number {
    return this.#data[row * STRIDE + REQUESTED] ?? 0;
  }

  requestedMax(row: number): number {
    return this.#data[row * STRIDE + REQUESTED_MAX] ?? 0;
  }

  /** The largest share of what was there that was ever asked for. */
  ratioMax(row: number): number {
    return this.#data[row * STRIDE + RATIO_MAX] ?? 0;
  }

  /**
   * What was asked for over what was there, both summed over time; what it is now if it is only there now. NaN if there was
   * never any.
   */
  meanRatio(row: number, endUs: number): number {
    const data = this.#data;
    const at = row * STRIDE;
    const spanUs = endUs - data[at + SINCE_US]!;
    const requestedSum = data[at + REQUESTED_SUM]! + data[at + REQUESTED]! * spanUs;
    const allocatableSum = data[at + ALLOCATABLE_SUM]! + data[at]! * spanUs;
    const isMoment = spanUs === 0 && allocatableSum === 0 && requestedSum === 0;
    return isMoment ? data[at + REQUESTED]! / data[at]! : requestedSum / allocatableSum;
  }

  #noteRatio(at: number): void {
    const ratio = this.#data[at + REQUESTED]! / this.#data[at]!;
    if (ratio > this.#data[at + RATIO_MAX]! && ratio < Number.POSITIVE_INFINITY)
      this.#data[at + RATIO_MAX] = ratio;
  }

  #grow(): void {
    const data = new Float64Array(this.#data.length * 2);
    data.set(this.#data);
    this.#data = data;
  }
}
