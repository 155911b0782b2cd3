/** How many bytes of objects a run makes: the growth of the heap from look to look, where nothing was collected between. */
export class AllocationMeter {
  #lastBytes = process.memoryUsage().heapUsed;
  #grownBytes = 0;
  #nGrown = 0;
  #nLooks = 0;

  /** To be called at about equal distances of work. */
  look(): void {
    const { heapUsed } = process.memoryUsage();
    const grown = heapUsed - this.#lastBytes;
    this.#lastBytes = heapUsed;
    this.#nLooks++;
    if (grown < 0) return;
    this.#grownBytes += grown;
    this.#nGrown++;
  }

  /** Intervals in which garbage was collected count as the mean of the others. */
  get bytes(): number {
    return this.#nGrown === 0 ? 0 : (this.#grownBytes * this.#nLooks) / this.#nGrown;
  }
}
