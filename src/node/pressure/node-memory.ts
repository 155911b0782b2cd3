// How much memory the pods of a node use together, how much they may, and when they will exceed it.
// What the system uses is taken to be what is reserved for it, so pods may use allocatable and the eviction threshold.

import type { NodeStates } from '../node-states.ts';
import { type ContainerRun, STATE } from '../pods/pod-worker.ts';
import { memoryBytes, memoryBytesMax } from '../usage/container-usage.ts';
import { badness, oomScoreAdj } from './oom.ts';

export class NodeMemory {
  readonly #states: NodeStates;
  readonly #hardThresholdBytes: number;

  constructor(states: NodeStates, hardThresholdBytes: number) {
    this.#states = states;
    this.#hardThresholdBytes = hardThresholdBytes;
  }

  /** The limit of all pods together. */
  limitBytes(row: number): number {
    return (this.#states.of(row).allocatable.get('memory') ?? Infinity) + this.#hardThresholdBytes;
  }

  capacityBytes(row: number): number {
    return this.#states.of(row).capacity.get('memory') ?? Infinity;
  }

  usedBytes(row: number, nowUs: number): number {
    let sum = 0;
    this.#forEach(row, nowUs, (run) => {
      sum += memoryBytes(run, nowUs);
    });
    return sum;
  }

  /** What they could use at most. */
  maxBytes(row: number): number {
    let sum = 0;
    this.#forEach(row, -1, (run) => {
      sum += memoryBytesMax(run);
    });
    return sum;
  }

  /** The first instant in [fromUs, untilUs] at which the limit is exceeded; Infinity if there is none. */
  exceededUs(row: number, fromUs: number, untilUs: number): number {
    const limitBytes = this.limitBytes(row);
    let atUs = fromUs;
    while (atUs <= untilUs) {
      const used = this.usedBytes(row, atUs);
      if (used > limitBytes) return atUs;
      const endUs = Math.min(untilUs, this.#nextBendUs(row, atUs));
      if (endUs <= atUs + 1) {
        atUs = endUs + 1;
        continue;
      }
      const usedLater = this.usedBytes(row, endUs - 1);
      if (usedLater > limitBytes) {
        return atUs + Math.ceil(((limitBytes - used) / (usedLater - used)) * (endUs - 1 - atUs)) + 1;
      }
      atUs = endUs;
      if (endUs === untilUs) return this.usedBytes(row, untilUs) > limitBytes ? untilUs : Infinity;
    }
    return Infinity;
  }

  /** The container that the kernel would kill now. */
  victim(row: number, nowUs: number): ContainerRun | undefined {
    const capacityBytes = this.capacityBytes(row);
    let worst: ContainerRun | undefined;
    let worstBadness = -Infinity;
    this.#forEach(row, nowUs, (run) => {
      const adj = oomScoreAdj(run.worker.plan, run.plan, capacityBytes);
      const bad = badness(memoryBytes(run, nowUs), capacityBytes, adj);
      if (bad <= worstBadness) return;
      worstBadness = bad;
      worst = run;
    });
    return worst;
  }

  #nextBendUs(row: number, nowUs: number): number {
    let nextUs = Infinity;
    this.#forEach(row, nowUs, ({ plan, startedUs }) => {
      const { memory } = plan.app;
      if (memory) nextUs = Math.min(nextUs, startedUs + memory.nextBend(nowUs - startedUs));
    });
    return nextUs;
  }

  /** Containers whose process is alive, in the order in which their pods came. */
  #forEach(row: number, nowUs: number, visit: (run: ContainerRun) => void): void {
    for (const worker of this.#states.of(row).workers) {
      for (const run of worker.runs) if (run.state === STATE.running && run.exitUs > nowUs) visit(run);
    }
  }
}
