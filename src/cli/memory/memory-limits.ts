// How much memory there is for this process.

import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const OLD_SPACE_FLAG = /--max[-_]old[-_]space[-_]size/;
const SEMI_SPACE_FLAG = /--max[-_]semi[-_]space[-_]size[= ](\d+)/;
const SEMI_SPACE_MIB_DEFAULT = 16;
/** V8 counts three semi-spaces of young objects in the limit that it reports. */
const N_SEMI_SPACES = 3;

export interface MemoryLimits {
  /** Of the machine, or of the container that the process is in. */
  readonly machineBytes: number;
  /** Of JavaScript objects that live for long. */
  readonly heapBytes: number;
  /** Did the user set the heap's limit? */
  readonly isHeapChosen: boolean;
}

export function memoryLimits(): MemoryLimits {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  const semiSpaceMib = Number(SEMI_SPACE_FLAG.exec(flags)?.[1] ?? SEMI_SPACE_MIB_DEFAULT);
  return {
    machineBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    heapBytes: getHeapStatistics().heap_size_limit - N_SEMI_SPACES * semiSpaceMib * 2 ** 20,
    isHeapChosen: OLD_SPACE_FLAG.test(flags),
  };
}
