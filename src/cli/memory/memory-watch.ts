// Sees in a run that memory is about to end, while there is still enough to write the results.

import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MemoryLimits, memoryLimits } from './memory-limits.ts';

/**
 * From here on it is looked how much is garbage, and if less than the difference is, memory is short. V8 gives up when it
 * gets slow with more than 0.8 of the heap in use.
 */
const LOOK_RATIO = 0.77;
const SHORT_RATIO = 0.7;
const MACHINE_RATIO = 0.95;

export class MemoryWatch {
  readonly #limits: MemoryLimits;
  #collectGarbage: (() => void) | undefined;

  constructor(limits = memoryLimits()) {
    this.#limits = limits;
  }

  /** To be asked often. */
  isShort(): boolean {
    const { heapBytes, machineBytes } = this.#limits;
    if (process.memoryUsage.rss() > MACHINE_RATIO * machineBytes) return true;
    if (usedBytes() < LOOK_RATIO * heapBytes) return false;
    this.#collectGarbage ??= garbageCollector();
    this.#collectGarbage();
    return usedBytes() > SHORT_RATIO * heapBytes;
  }
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

/** A context that is made with this flag has the function, however the process was started. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
