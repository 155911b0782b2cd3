// Work that takes longer when CPU is short. On nodes where a container with an end has a CPU curve, grants are worked out
// again whenever a container starts or ends or a curve steps; in between everything goes on at a constant speed.
// A program makes progress in proportion to the share of the CPU it wants that it gets.

import type { EventKind, Simulation } from '../../sim/simulation.ts';
import type { NodeStates } from '../node-states.ts';
import { type ContainerRun, STATE } from '../pods/pod-worker.ts';
import { cpuWantedMilli } from './container-usage.ts';
import { type CpuClaim, divideCpu } from './cpu-shares.ts';

/** Told when the end of a container's work moves. */
export interface WorkListener {
  workEndsAt(run: ContainerRun, atUs: number): void;
}

interface Progress {
  sinceUs: number;
  speed: number;
}

interface NodeWork {
  /** Containers whose work has an end and whose app says what CPU it wants. */
  readonly running: Map<ContainerRun, Progress>;
  attempt: number;
}

export class NodeCpu {
  readonly #simulation: Simulation;
  readonly #states: NodeStates;
  readonly #listener: WorkListener;
  readonly #kind: EventKind;
  readonly #nodes = new Map<number, NodeWork>();

  constructor(simulation: Simulation, states: NodeStates, listener: WorkListener) {
    this.#simulation = simulation;
    this.#states = states;
    this.#listener = listener;
    this.#kind = simulation.defineKind('node/cpu', (row, attempt) => this.#stepped(row, attempt), {
      background: true,
    });
  }

  started(run: ContainerRun): void {
    const { nodeRow } = run.worker;
    const isBounded = run.plan.app.cpu !== undefined && run.workLeftUs !== Infinity;
    if (isBounded) {
      let work = this.#nodes.get(nodeRow);
      if (!work) this.#nodes.set(nodeRow, (work = { running: new Map(), attempt: 0 }));
      work.running.set(run, { sinceUs: this.#simulation.nowUs, speed: 0 });
    }
    this.#divide(nodeRow);
  }

  ended(run: ContainerRun): void {
    const work = this.#nodes.get(run.worker.nodeRow);
    if (!work) return;
    work.running.delete(run);
    if (work.running.size === 0) this.#nodes.delete(run.worker.nodeRow);
    else this.#divide(run.worker.nodeRow);
  }

  /** What each running container of a node gets now. */
  grants(nodeRow: number): readonly (readonly [run: ContainerRun, milli: number])[] {
    const { workers, allocatable } = this.#states.of(nodeRow);
    const { nowUs } = this.#simulation;
    const runs: ContainerRun[] = [];
    for (const worker of workers)
      for (const run of worker.runs) if (run.state === STATE.running) runs.push(run);
    const claims = runs.map(
      (run): CpuClaim => ({
        wantedMilli: cpuWantedMilli(run, nowUs),
        limitMilli: run.plan.cpuLimitMilli,
        requestMilli: run.plan.cpuRequestMilli,
      }),
    );
    const granted = new Float64Array(runs.length);
    divideCpu(claims, allocatable.get('cpu') ?? Infinity, granted);
    return runs.map((run, i) => [run, granted[i]!] as const);
  }

  #stepped(row: number, attempt: number): void {
    if (this.#nodes.get(row)?.attempt === attempt) this.#divide(row);
  }

  #divide(row: number): void {
    const work = this.#nodes.get(row);
    if (!work) return;
    const { nowUs } = this.#simulation;
    let nextUs = Infinity;
    for (const [run, milli] of this.grants(row)) {
      const { cpu } = run.plan.app;
      if (cpu) nextUs = Math.min(nextUs, run.startedUs + cpu.nextBend(nowUs - run.startedUs));
      const progress = work.running.get(run);
      if (progress) this.#goOn(run, progress, milli);
    }
    work.attempt++;
    if (nextUs !== Infinity) this.#simulation.at(Math.ceil(nextUs), this.#kind, row, work.attempt);
  }

  #goOn(run: ContainerRun, progress: Progress, grantedMilli: number): void {
    const { nowUs } = this.#simulation;
    const wantedMilli = cpuWantedMilli(run, nowUs);
    run.workLeftUs = Math.max(0, run.workLeftUs - (nowUs - progress.sinceUs) * progress.speed);
    progress.sinceUs = nowUs;
    progress.speed = wantedMilli > 0 ? grantedMilli / wantedMilli : 1;
    const leftUs = run.workLeftUs === 0 ? 0 : run.workLeftUs / progress.speed;
    this.#listener.workEndsAt(run, nowUs + Math.ceil(leftUs));
  }
}
