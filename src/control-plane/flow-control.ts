// API priority and fairness: each request takes a seat of its priority level while it is worked on; where all are taken
// it waits in line, at most 15 s.
// Source: apiserver pkg/apis/flowcontrol/bootstrap/default.go, pkg/util/flowcontrol, 1.37: 600 seats, split by shares.
// Deviations: one line per level (no shuffle sharding), seats are not lent between levels, every request takes one seat
// and no time for its watchers; a request that is turned away after 15 s has held its place till then.

import type { QueueLoad } from '../metrics/run-metrics.ts';
import { WaitLine } from '../metrics/wait-line.ts';
import { Station } from '../sim/servers.ts';

export type PriorityLevel =
  | 'exempt'
  | 'system'
  | 'node-high'
  | 'leader-election'
  | 'workload-high'
  | 'workload-low'
  | 'global-default';

/** Nominal seats of each level, of 600 in all. */
export const SEATS: Readonly<Record<Exclude<PriorityLevel, 'exempt'>, number>> = {
  system: 74,
  'node-high': 98,
  'leader-election': 25,
  'workload-high': 98,
  'workload-low': 245,
  'global-default': 49,
};

export const QUEUE_WAIT_US_MAX = 15_000_000;

/** The level of a program's requests; whoever is no part of the cluster counts as its administrator. */
export function levelOf(program: string): PriorityLevel {
  switch (program) {
    case 'kube-scheduler':
    case 'kube-controller-manager':
      return 'workload-high';
    case 'kubelet':
      return 'node-high';
    case 'csi-provisioner':
    case 'cluster-autoscaler':
    case 'kube-proxy':
      return 'workload-low';
    default:
      return 'exempt';
  }
}

/** A level's seats on one server, and the line for them. */
class Seats {
  readonly line = new WaitLine();
  readonly #station: Station;

  constructor(nSeats: number) {
    this.#station = new Station(nSeats);
  }

  admit(nowUs: number, serviceUs: number): number {
    const finishUs = this.#station.admit(nowUs, serviceUs);
    const { startUs } = this.#station;
    this.line.admit(nowUs, startUs);
    return startUs - nowUs > QUEUE_WAIT_US_MAX ? Number.POSITIVE_INFINITY : finishUs;
  }
}

/** The seats of one API server. */
export class FlowControl {
  readonly #levels = new Map<PriorityLevel, Seats>();

  constructor() {
    for (const [level, nSeats] of Object.entries(SEATS))
      this.#levels.set(level as PriorityLevel, new Seats(nSeats));
  }

  /** When a request that arrives now is done with; Infinity when it must wait too long. */
  admit(level: PriorityLevel, nowUs: number, serviceUs: number): number {
    return this.#levels.get(level)?.admit(nowUs, serviceUs) ?? nowUs + serviceUs;
  }

  /** The lines for seats, those of levels without any request left out. */
  loads(program: string, nowUs: number): QueueLoad[] {
    return [...this.#levels]
      .map(([level, { line }]) => ({ program, queue: `seats of ${level}`, ...line.load(nowUs) }))
      .filter(({ nAdds }) => nAdds! > 0);
  }
}
