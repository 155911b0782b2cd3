// The kubelet's eviction loop: every ten seconds it looks at memory and disk, reports pressure, frees unused images, and
// evicts one pod at a time. The loop runs only on nodes where what runs could ever exceed a threshold.
// Source: pkg/kubelet/eviction/eviction_manager.go, 1.37. The kernel's killer acts in between, where pods exceed their
// common limit before the loop comes round.

import type { EventKind, Simulation } from '../../sim/simulation.ts';
import type { NodeImages } from '../images/node-images.ts';
import type { NodeRows } from '../node-rows.ts';
import type { NodeStates } from '../node-states.ts';
import { STORAGE } from '../pods/pod-plan.ts';
import { type ContainerRun, type Ending, type PodWorker, STATE } from '../pods/pod-worker.ts';
import { tickAtOrAfter } from '../pods/probe-walk.ts';
import { memoryBytes, storageBytes } from '../usage/container-usage.ts';
import type { NodeMemory } from './node-memory.ts';
import { type Candidate, compareCandidates } from './ranking.ts';
import {
  type Observations,
  resourceOf,
  type Threshold,
  ThresholdWatch,
  thresholdBytes,
} from './thresholds.ts';

export interface EvictionModel {
  readonly thresholds: readonly Threshold[];
  readonly periodUs: number;
  /** A condition stays for so long after the last sign of it. */
  readonly transitionUs: number;
  /** Grace of soft evictions at most. */
  readonly softGraceSecondsMax: number;
}

/** What the manager may do to pods and nodes. */
export interface Evictor {
  end(worker: PodWorker, ending: Ending): void;
  /** The kernel kills a container now. */
  oomKill(run: ContainerRun): void;
  conditionsChanged(row: number): void;
}

const POLL_US = 1_000_000;
const CLEANUP_WAIT_US_MAX = 30_000_000;
const HARD_GRACE_SECONDS = 1;

interface Watched {
  readonly watch: ThresholdWatch;
  isTicking: boolean;
  conditions: string;
  victim: PodWorker | undefined;
  victimUntilUs: number;
  /** Invalidates the kernel's killings foreseen. */
  oomAttempt: number;
}

export class EvictionManager {
  readonly #simulation: Simulation;
  readonly #nodes: NodeRows;
  readonly #states: NodeStates;
  readonly #memory: NodeMemory;
  readonly #images: NodeImages;
  readonly #model: EvictionModel;
  readonly #evictor: Evictor;
  readonly #tickKind: EventKind;
  readonly #oomKind: EventKind;
  readonly #watched = new Map<number, Watched>();

  constructor(
    simulation: Simulation,
    nodes: NodeRows,
    states: NodeStates,
    memory: NodeMemory,
    images: NodeImages,
    model: EvictionModel,
    evictor: Evictor,
  ) {
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#states = states;
    this.#memory = memory;
    this.#images = images;
    this.#model = model;
    this.#evictor = evictor;
    this.#tickKind = simulation.defineKind('node/evict', (row) => this.#tick(row), { background: true });
    this.#oomKind = simulation.defineKind('node/oom', (row, attempt) => this.#oom(row, attempt), {
      background: true,
    });
  }

  hasPressure(row: number, resource: 'memory' | 'disk'): boolean {
    return this.#watched.get(row)?.watch.hasPressure(resource, this.#simulation.nowUs) ?? false;
  }

  /** Containers have started or ended, or the disk has changed. */
  changed(row: number): void {
    const known = this.#watched.get(row);
    if (!known && !this.#couldExceed(row)) return;
    const watched = known ?? this.#begin(row);
    this.#foreseeOom(row, watched);
    this.#goOn(row, watched);
  }

  #begin(row: number): Watched {
    const watch = new ThresholdWatch(this.#model.thresholds, this.#model.transitionUs);
    const watched: Watched = {
      watch,
      isTicking: false,
      conditions: '',
      victim: undefined,
      victimUntilUs: 0,
      oomAttempt: 0,
    };
    this.#watched.set(row, watched);
    return watched;
  }

  #goOn(row: number, watched: Watched): void {
    if (watched.isTicking) return;
    if (watched.conditions === '' && !this.#couldExceed(row)) return;
    watched.isTicking = true;
    const { nowUs } = this.#simulation;
    const atUs = tickAtOrAfter(this.#nodes.tickUs.data[row]!, this.#model.periodUs, nowUs + 1);
    this.#simulation.at(atUs, this.#tickKind, row);
  }

  /** Could what runs there ever meet a threshold? */
  #couldExceed(row: number): boolean {
    const { workers } = this.#states.of(row);
    const memoryLeftBytes = this.#memory.limitBytes(row) - this.#memory.maxBytes(row);
    const diskBytes = this.#images.diskBytes(row);
    let diskLeftBytes = diskBytes - this.#images.usedBytes(row);
    for (const worker of workers) {
      for (const { plan, state } of worker.runs) {
        const maxBytes = state === STATE.running ? (plan.app.storage?.max ?? 0) * worker.usageFactor : 0;
        if (maxBytes > plan.storageLimitBytes) return true;
        diskLeftBytes -= maxBytes;
      }
    }
    return this.#model.thresholds.some((threshold) =>
      resourceOf(threshold.signal) === 'memory'
        ? memoryLeftBytes < thresholdBytes(threshold, this.#memory.capacityBytes(row))
        : diskLeftBytes < thresholdBytes(threshold, diskBytes),
    );
  }

  #tick(row: number): void {
    const watched = this.#watched.get(row)!;
    watched.isTicking = false;
    if (!this.#nodes.acts(row)) return;
    if (watched.victim && !watched.victim.isOver && this.#simulation.nowUs < watched.victimUntilUs) {
      this.#poll(row, watched);
      return;
    }
    watched.victim = undefined;
    this.#synchronize(row, watched);
    this.#foreseeOom(row, watched);
    if (watched.victim) this.#poll(row, watched);
    else this.#goOn(row, watched);
  }

  #poll(row: number, watched: Watched): void {
    watched.isTicking = true;
    this.#simulation.after(POLL_US, this.#tickKind, row);
  }

  #synchronize(row: number, watched: Watched): void {
    const { nowUs } = this.#simulation;
    const due = watched.watch.look(nowUs, this.#observe(row));
    const pressures = (['memory', 'disk'] as const).filter((what) => watched.watch.hasPressure(what, nowUs));
    if (pressures.join() !== watched.conditions) {
      watched.conditions = pressures.join();
      this.#evictor.conditionsChanged(row);
    }
    if (this.#evictOverLimit(row)) return;
    const [first] = due;
    if (!first) return;
    const resource = resourceOf(first.signal);
    if (resource === 'disk') {
      this.#images.prune(row);
      if (!this.#isStillMet(row, due)) return;
    }
    const victim = this.#rank(row, resource);
    if (!victim) return;
    watched.victim = victim;
    watched.victimUntilUs = nowUs + CLEANUP_WAIT_US_MAX;
    this.#evict(victim, this.#graceSeconds(first, victim));
  }

  #isStillMet(row: number, due: readonly Threshold[]): boolean {
    const observations = this.#observe(row);
    return due.some((threshold) => {
      const { availableBytes, capacityBytes } = observations[resourceOf(threshold.signal)];
      return availableBytes < thresholdBytes(threshold, capacityBytes);
    });
  }

  #graceSeconds({ graceUs }: Threshold, { plan }: PodWorker): number {
    return graceUs === 0 ? HARD_GRACE_SECONDS : Math.min(this.#model.softGraceSecondsMax, plan.graceSeconds);
  }

  #evict(worker: PodWorker, overrideSeconds: number): void {
    this.#evictor.end(worker, {
      graceSeconds: 0,
      sinceUs: this.#simulation.nowUs,
      overrideSeconds,
      reason: 'Evicted',
      disruption: 'TerminationByKubelet',
    });
  }

  /** Containers that wrote more than they may: their pods go, however many. */
  #evictOverLimit(row: number): boolean {
    const { nowUs } = this.#simulation;
    let hasEvicted = false;
    for (const worker of this.#states.of(row).workers) {
      const exceeds = worker.runs.some(
        (run) => run.state === STATE.running && storageBytes(run, nowUs) > run.plan.storageLimitBytes,
      );
      if (!exceeds || !isEvictable(worker)) continue;
      hasEvicted = true;
      this.#evict(worker, HARD_GRACE_SECONDS);
    }
    return hasEvicted;
  }

  #rank(row: number, resource: 'memory' | 'disk'): PodWorker | undefined {
    const candidates = [...this.#states.of(row).workers]
      .filter(isEvictable)
      .map((worker) => ({ worker, ...this.#candidate(worker, resource) }));
    return candidates.sort(compareCandidates)[0]?.worker;
  }

  #candidate(worker: PodWorker, resource: 'memory' | 'disk'): Candidate {
    const { nowUs } = this.#simulation;
    const usedOf = resource === 'memory' ? memoryBytes : storageBytes;
    let usedBytes = 0;
    for (const run of worker.runs) if (run.state === STATE.running) usedBytes += usedOf(run, nowUs);
    const requestedBytes = worker.plan.requests.get(resource === 'memory' ? 'memory' : STORAGE) ?? 0;
    return { usedBytes, requestedBytes, priority: worker.plan.priority, uid: worker.pod.uid };
  }

  #observe(row: number): Observations {
    const { nowUs } = this.#simulation;
    const availableBytes = this.#memory.limitBytes(row) - this.#memory.usedBytes(row, nowUs);
    return {
      memory: { availableBytes, capacityBytes: this.#memory.capacityBytes(row) },
      disk: { availableBytes: this.#images.freeBytes(row), capacityBytes: this.#images.diskBytes(row) },
    };
  }

  /** Plans the kernel's next killing, if it comes before the next look. */
  #foreseeOom(row: number, watched: Watched): void {
    const attempt = ++watched.oomAttempt;
    if (this.#memory.maxBytes(row) <= this.#memory.limitBytes(row)) return;
    const { nowUs } = this.#simulation;
    const atUs = this.#memory.exceededUs(row, nowUs, nowUs + this.#model.periodUs);
    if (atUs !== Infinity) this.#simulation.at(atUs, this.#oomKind, row, attempt);
  }

  #oom(row: number, attempt: number): void {
    const watched = this.#watched.get(row)!;
    if (attempt !== watched.oomAttempt) return;
    const victim = this.#memory.victim(row, this.#simulation.nowUs);
    if (victim) this.#evictor.oomKill(victim);
    this.#foreseeOom(row, watched);
  }
}

function isEvictable({ plan, ending, isOver }: PodWorker): boolean {
  return !plan.isCritical && ending === undefined && !isOver;
}
