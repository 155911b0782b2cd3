// Leader election among the replicas of a program: the leader renews its lease, the others watch it and take over when it
// has not been renewed for as long as it lasts, by their own clocks.
// Source: client-go tools/leaderelection/leaderelection.go, component-base config/v1alpha1/defaults.go, 1.37. The lease is
// not given back on exit. Deviation: a dead replica is back (as a candidate) after a fixed time; which replica of several
// wins is decided by whose attempt comes first.

import { assert } from '../base/assert.ts';
import type { RandomStream } from '../sim/random-streams.ts';
import type { EventKind, Simulation } from '../sim/simulation.ts';
import type { ApiServer } from './api-server.ts';

const LEASE_US = 15_000_000;
const RENEW_DEADLINE_US = 10_000_000;
const RETRY_US = 2_000_000;
/** Candidates wait between one and 2.2 retry periods between attempts. */
const JITTER = 1.2;
const RESTART_US = 1_000_000;

export interface ElectionOptions {
  readonly nReplicas: number;
  /** Draws the times of the candidates' attempts. */
  readonly stream: RandomStream;
  /** A replica has won: it is to start its work. */
  readonly onWin: () => void;
  /** The leader has died or given up. */
  readonly onLoss: () => void;
}

interface Surroundings {
  readonly simulation: Simulation;
  readonly kind: EventKind;
  /** Writes reach the API (etcd has a leader). */
  readonly isWritable: () => boolean;
  /** A request of a candidate or leader was made (for the counters). */
  readonly onRequest: () => void;
}

interface Replica {
  isRunning: boolean;
  /** The last change of the lease that it has seen, and when it saw it. */
  seenRenewalUs: number;
  seenAtUs: number;
  /** Counts lives: attempts of an earlier one are void. */
  life: number;
}

const ACTION = { attempt: 0, renew: 1, restart: 2 } as const;

/** The elections of one cluster: each program has its own lease. */
export class LeaderElections {
  readonly #surroundings: Surroundings;

  constructor(simulation: Simulation, server: ApiServer) {
    this.#surroundings = {
      simulation,
      kind: simulation.defineKind('leader-election', LeaderElection.handle, { background: true }),
      isWritable: () => server.etcd.isAvailable,
      onRequest: () => server.counters.request('update Lease'),
    };
  }

  create(options: ElectionOptions): LeaderElection {
    return new LeaderElection(this.#surroundings, options);
  }
}

export class LeaderElection {
  readonly #options: ElectionOptions & Surroundings;
  readonly #replicas: Replica[];
  readonly #event: (delayUs: number, action: number, replicaIdx: number) => void;
  /** The holder of the lease; nobody clears it. */
  #leader = -1;
  #isLeading = false;
  #renewedUs = Number.NEGATIVE_INFINITY;

  constructor(surroundings: Surroundings, options: ElectionOptions) {
    assert(options.nReplicas >= 1, 'leader election needs a replica');
    this.#options = { ...surroundings, ...options };
    const { simulation, kind } = surroundings;
    this.#replicas = Array.from({ length: options.nReplicas }, () => ({
      isRunning: true,
      seenRenewalUs: Number.NEGATIVE_INFINITY,
      seenAtUs: Number.NEGATIVE_INFINITY,
      life: 0,
    }));
    this.#event = (delayUs, action, replicaIdx) => {
      const code = this.#replicas[replicaIdx]!.life * 4 + action;
      simulation.after(delayUs, kind, replicaIdx, code, this);
    };
  }

  /** The handler of the kernel's event: a is the replica, b its life and what it does. */
  static readonly handle = (a: number, b: number, ref: unknown): void => {
    (ref as LeaderElection).#run(a, Math.floor(b / 4), b % 4);
  };

  get leader(): number {
    return this.#isLeading ? this.#leader : -1;
  }

  /** The first replica leads at once, the others begin to watch. */
  start(): void {
    this.#win(0);
    for (let replicaIdx = 1; replicaIdx < this.#replicas.length; replicaIdx++) this.#retryLater(replicaIdx);
  }

  /** The leader dies at once; answers its number, -1 when nobody led. */
  kill(): number {
    if (!this.#isLeading) return -1;
    const victim = this.#leader;
    this.#lose();
    return victim;
  }

  #run(replicaIdx: number, life: number, action: number): void {
    const replica = this.#replicas[replicaIdx]!;
    if (replica.life !== life) return;
    if (action === ACTION.restart) {
      replica.isRunning = true;
      this.#attempt(replicaIdx);
    } else if (action === ACTION.renew) this.#renew(replicaIdx);
    else this.#attempt(replicaIdx);
  }

  #renew(replicaIdx: number): void {
    const { simulation, isWritable, onRequest } = this.#options;
    onRequest();
    if (isWritable()) this.#renewedUs = simulation.nowUs;
    if (simulation.nowUs - this.#renewedUs >= RENEW_DEADLINE_US) this.#lose();
    else this.#event(RETRY_US, ACTION.renew, replicaIdx);
  }

  #attempt(replicaIdx: number): void {
    const replica = this.#replicas[replicaIdx]!;
    const { nowUs } = this.#options.simulation;
    this.#options.onRequest();
    if (replica.seenRenewalUs !== this.#renewedUs) {
      replica.seenRenewalUs = this.#renewedUs;
      replica.seenAtUs = nowUs;
    }
    const isExpired = nowUs > replica.seenAtUs + LEASE_US;
    if (isExpired && this.#options.isWritable()) this.#win(replicaIdx);
    else this.#retryLater(replicaIdx);
  }

  #retryLater(replicaIdx: number): void {
    this.#event(RETRY_US * (1 + JITTER * this.#options.stream.next()), ACTION.attempt, replicaIdx);
  }

  #win(replicaIdx: number): void {
    this.#leader = replicaIdx;
    this.#isLeading = true;
    this.#renewedUs = this.#options.simulation.nowUs;
    this.#event(RETRY_US, ACTION.renew, replicaIdx);
    this.#options.onWin();
  }

  #lose(): void {
    const replica = this.#replicas[this.#leader]!;
    replica.isRunning = false;
    replica.life++;
    replica.seenRenewalUs = Number.NEGATIVE_INFINITY;
    this.#isLeading = false;
    this.#event(RESTART_US, ACTION.restart, this.#leader);
    this.#options.onLoss();
  }
}
