// Graceful node shutdown: pods end in groups by priority, each group within its own time, before the machine stops.
// Source: pkg/kubelet/nodeshutdown/nodeshutdown_manager.go, 1.37. Off unless the node is given time for it.

import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { NodeRows } from './node-rows.ts';
import type { NodeStates } from './node-states.ts';
import type { Ending, PodWorker } from './pods/pod-worker.ts';

/** Pods of this priority and above, up to the next group's, have so many seconds. */
export interface ShutdownGroup {
  readonly priority: number;
  readonly graceSeconds: number;
}

export interface ShutdownListener {
  end(worker: PodWorker, ending: Ending): void;
  /** All groups are through, or their time is. */
  shutDown(row: number): void;
}

export class GracefulShutdown {
  readonly #simulation: Simulation;
  readonly #nodes: NodeRows;
  readonly #states: NodeStates;
  /** In ascending order of priority. */
  readonly #groups: readonly ShutdownGroup[];
  readonly #listener: ShutdownListener;
  readonly #kind: EventKind;
  /** By node row: the group that is ending, and what is left of it. */
  readonly #current = new Map<number, { groupIdx: number; readonly left: Set<PodWorker> }>();

  constructor(
    simulation: Simulation,
    nodes: NodeRows,
    states: NodeStates,
    groups: readonly ShutdownGroup[],
    listener: ShutdownListener,
  ) {
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#states = states;
    this.#groups = [...groups].sort((a, b) => a.priority - b.priority);
    this.#listener = listener;
    this.#kind = simulation.defineKind('node/shutdown', (row, groupIdx) => this.#timeIsOver(row, groupIdx));
  }

  begin(row: number): void {
    this.#states.of(row).isShuttingDown = true;
    this.#next(row, 0);
  }

  /** A pod's containers have ended. */
  podOver(worker: PodWorker): void {
    const current = this.#current.get(worker.nodeRow);
    if (!current?.left.delete(worker) || current.left.size > 0) return;
    this.#next(worker.nodeRow, current.groupIdx + 1);
  }

  #timeIsOver(row: number, groupIdx: number): void {
    if (this.#current.get(row)?.groupIdx === groupIdx) this.#next(row, groupIdx + 1);
  }

  #next(row: number, groupIdx: number): void {
    const group = this.#groups[groupIdx];
    if (!group || !this.#nodes.acts(row)) {
      this.#current.delete(row);
      this.#listener.shutDown(row);
      return;
    }
    const left = new Set([...this.#states.of(row).workers].filter((worker) => this.#isIn(worker, groupIdx)));
    this.#current.set(row, { groupIdx, left });
    const { nowUs } = this.#simulation;
    this.#simulation.at(nowUs + group.graceSeconds * 1e6, this.#kind, row, groupIdx);
    if (left.size === 0) this.#next(row, groupIdx + 1);
    for (const worker of left) {
      const graceSeconds = Math.min(worker.plan.graceSeconds, group.graceSeconds);
      this.#listener.end(worker, {
        graceSeconds,
        sinceUs: nowUs,
        reason: 'Terminated',
        disruption: 'TerminationByKubelet',
      });
    }
  }

  #isIn({ plan, isOver }: PodWorker, groupIdx: number): boolean {
    const next = this.#groups[groupIdx + 1];
    const isHighEnough = groupIdx === 0 || plan.priority >= this.#groups[groupIdx]!.priority;
    return !isOver && isHighEnough && (next === undefined || plan.priority < next.priority);
  }
}
