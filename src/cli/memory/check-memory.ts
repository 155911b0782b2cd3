// Before the start: is there memory enough for what a scenario is about to need?

import { EnvironmentError } from '../../base/errors.ts';
import { countText } from '../../report/text.ts';
import type { MemoryEstimate, MemoryPart } from '../../simulator/memory-estimate.ts';
import type { MemoryLimits } from './memory-limits.ts';

/** What is left to everything else on the machine. */
const MACHINE_RATIO = 0.9;

/** Thrown where the machine has the memory, but this process may not use it. */
export class LargerHeapNeeded extends Error {
  readonly heapMib: number;

  constructor(heapMib: number) {
    super(`the heap should be ${heapMib} MiB`);
    this.heapMib = heapMib;
  }
}

/** @throws EnvironmentError if there is too little memory, LargerHeapNeeded if another process could have enough */
export function checkMemory(estimate: MemoryEstimate, limits: MemoryLimits): void {
  const { machineBytes, heapBytes, isHeapChosen } = limits;
  if (estimate.bytes > machineBytes)
    throw new EnvironmentError(refusal(estimate, `there are ${mib(machineBytes)}`));
  if (estimate.heapBytes <= heapBytes) return;
  if (isHeapChosen) {
    const heap = `its heap ${mib(estimate.heapBytes)}`;
    throw new EnvironmentError(refusal(estimate, `${heap}; --max-old-space-size allows ${mib(heapBytes)}`));
  }
  throw new LargerHeapNeeded(Math.floor((machineBytes * MACHINE_RATIO) / 2 ** 20));
}

function refusal({ parts, bytes: neededBytes }: MemoryEstimate, limit: string): string {
  const shown = parts.filter(({ count }) => count > 0).sort((a, b) => b.bytes - a.bytes);
  return [
    `the scenario would take about ${mib(neededBytes)} of memory, and ${limit}:`,
    ...shown.map(({ name, count, bytes }) => `  ${mib(bytes)} for ${countText(count)} ${name}`),
    `Make it smaller: ${adviceOn(shown[0]!)}. --ignore-memory starts it all the same.`,
  ].join('\n');
}

function adviceOn({ name }: MemoryPart): string {
  if (name === 'nodes') return 'fewer nodes';
  if (name === 'objects') return 'fewer objects';
  if (name.startsWith('pods'))
    return 'fewer pods at a time (a lower rate, shorter durations, a limit, an earlier end, fewer replicas)';
  return 'fewer nodes, or fewer different sizes of pods';
}

function mib(bytes: number): string {
  return `${countText(Math.ceil(bytes / 2 ** 20))} MiB`;
}
