/**
 * How much of each resource is there and asked for, over time, for many rows (nodes, or pools of nodes): amounts, peaks and
 * integrals, kept current by each change. A pod that comes or goes changes several resources of a row that nobody has
 * looked at for long, so they lie side by side and come from memory together.
 */

/** Fields of one resource of one row. */
const STRIDE = 7;
const ALLOCATABLE = 0;
const REQUESTED = 1;
const REQUESTED_MAX = 2;
const RATIO_MAX = 3;
/** Sums over time, up to `SINCE_US`. */
const ALLOCATABLE_SUM = 4;
const REQUESTED_SUM = 5;
const SINCE_US = 6;

export class ResourceUse {
  #nResources: number;
  #data: Float64Array;

  /** @param nResources they have the numbers below it */
  constructor(nResources: number) {
    this.#nResources = nResources;
    this.#data = new Float64Array(this.#at(16, 0));
  }

  get nResources(): number {
    return this.#nResources;
  }

  /** Makes room for a row, of which nothing is there since `nowUs`. */
  addRow(row: number, nowUs: number): void {
    const end = this.#at(row + 1, 0);
    if (end > this.#data.length) {
      const data = new Float64Array(Math.max(end, this.#data.length * 2));
      data.set(this.#data);
      this.#data = data;
    }
    for (let at = this.#at(row, 0); at < end; at += STRIDE) this.#data[at + SINCE_US] = nowUs;
  }

  /** Makes room for the resources with numbers below `nResources`, of which nothing was ever there. */
  addResources(nResources: number): void {
    const old = this.#data;
    const oldLength = this.#at(1, 0);
    const nRows = old.length / oldLength;
    this.#nResources = nResources;
    this.#data = new Float64Array(this.#at(nRows, 0));
    for (let row = 0; row < nRows; row++) {
      this.#data.set(old.subarray(row * oldLength, (row + 1) * oldLength), this.#at(row, 0));
    }
  }

  /** Adds `amount` to what is asked for of a resource on a row. */
  request(row: number, resource: number, amount: number, nowUs: number): void {
    const data = this.#data;
    const at = this.#at(row, resource);
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

  /** Adds `amount` to what a row has of a resource. */
  allocate(row: number, resource: number, amount: number, nowUs: number): void {
    this.request(row, resource, 0, nowUs);
    const at = this.#at(row, resource);
    this.#data[at + ALLOCATABLE]! += amount;
    this.#noteRatio(at);
  }

  allocatable(row: number, resource: number): number {
    return this.#data[this.#at(row, resource) + ALLOCATABLE]!;
  }

  requested(row: number, resource: number): number {
    return this.#data[this.#at(row, resource) + REQUESTED]!;
  }

  requestedMax(row: number, resource: number): number {
    return this.#data[this.#at(row, resource) + REQUESTED_MAX]!;
  }

  /** The largest share of what was there that was ever asked for. */
  ratioMax(row: number, resource: number): number {
    return this.#data[this.#at(row, resource) + RATIO_MAX]!;
  }

  /**
   * What was asked for over what was there, both summed over time; what it is now if it is only there now. NaN if there was
   * never any.
   */
  meanRatio(row: number, resource: number, endUs: number): number {
    const data = this.#data;
    const at = this.#at(row, resource);
    const spanUs = endUs - data[at + SINCE_US]!;
    const requestedSum = data[at + REQUESTED_SUM]! + data[at + REQUESTED]! * spanUs;
    const allocatableSum = data[at + ALLOCATABLE_SUM]! + data[at]! * spanUs;
    const isMoment = spanUs === 0 && allocatableSum === 0 && requestedSum === 0;
    return isMoment ? data[at + REQUESTED]! / data[at]! : requestedSum / allocatableSum;
  }

  /** Where the fields of a resource of a row begin. */
  #at(row: number, resource: number): number {
    return (row * this.#nResources + resource) * STRIDE;
  }

  #noteRatio(at: number): void {
    const ratio = this.#data[at + REQUESTED]! / this.#data[at]!;
    if (ratio > this.#data[at + RATIO_MAX]! && ratio < Number.POSITIVE_INFINITY)
      this.#data[at + RATIO_MAX] = ratio;
  }
}
