// API priority and fairness: each request takes a seat of its priority level while it is worked on; where all are taken
// it waits in line, at most 15 s.
// Source: apiserver pkg/apis/flowcontrol/bootstrap/default.go, pkg/util/flowcontrol, 1.37: 600 seats, split by shares.
// Deviations: one line per level (no shuffle sharding), seats are not lent between levels, every request takes one seat
// and no time for its watchers; a request that is turned away after 15 s has held its place till then.

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

/** The seats of one API server. */
export class FlowControl {
  readonly #stations = new Map<PriorityLevel, Station>();

  constructor() {
    for (const [level, nSeats] of Object.entries(SEATS))
      this.#stations.set(level as PriorityLevel, new Station(nSeats));
  }

  /** When a request that arrives now is done with; Infinity when it must wait too long. */
  admit(level: PriorityLevel, nowUs: number, serviceUs: number): number {
    const station = this.#stations.get(level);
    if (!station) return nowUs + serviceUs;
    const finishUs = station.admit(nowUs, serviceUs);
    return station.startUs - nowUs > QUEUE_WAIT_US_MAX ? Number.POSITIVE_INFINITY : finishUs;
  }
}
