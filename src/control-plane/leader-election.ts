// Leader election among the replicas of a program: the leader renews its lease, the others look at it and take over when
// it has not been renewed for as long as it lasts, by their own clocks.
// While the leader lives and etcd can be written, nothing can come of it: then what the replicas did is worked out when
// somebody wants to know, request by request with the same draws, and costs no events.
// Source: client-go tools/leaderelection/leaderelection.go, component-base config/v1alpha1/defaults.go, 1.37. The lease is
// not given back on exit.
// Deviations: requests of an election take no time, and one that finds no etcd fails at once instead of after up to 5 s; a
// dead replica is back (as a candidate) after a fixed time.

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

interface Replica {
  /** When it tries or renews next. */
  dueUs: number;
  /** The last change of the lease that it has seen, and when it saw it. */
  seenRenewalUs: number;
  seenAtUs: number;
}

/** The elections of one cluster: each program has its own lease. */
export class LeaderElections {
  readonly #simulation: Simulation;
  readonly #server: ApiServer;
  readonly #kind: EventKind;

  constructor(simulation: Simulation, server: ApiServer) {
    this.#simulation = simulation;
    this.#server = server;
    this.#kind = simulation.defineKind(
      'leader-election',
      (turn, _b, election) => (election as LeaderElection).wake(turn),
      { background: true },
    );
  }

  create(options: ElectionOptions): LeaderElection {
    const election = new LeaderElection(this.#simulation, this.#server, this.#kind, options);
    this.#server.onDisturbance({
      settle: () => election.catchUp(),
      disturb: () => election.disturb(),
    });
    return election;
  }
}

export class LeaderElection {
  readonly #simulation: Simulation;
  readonly #server: ApiServer;
  readonly #kind: EventKind;
  readonly #options: ElectionOptions;
  readonly #replicas: Replica[];
  /** The holder of the lease; nobody clears it. */
  #holder = -1;
  #isLeading = false;
  #renewedUs = Number.NEGATIVE_INFINITY;
  /** When the leader gives up: set by the first attempt to renew that fails. */
  #deadlineUs = Number.POSITIVE_INFINITY;
  /** Something may come of the next attempt: there is an event for each. */
  #isWatched = false;
  /** Counts events asked for; earlier ones are void. */
  #turn = 0;
  #nGets = 0;
  #nUpdates = 0;

  constructor(simulation: Simulation, server: ApiServer, kind: EventKind, options: ElectionOptions) {
    assert(options.nReplicas >= 1, 'leader election needs a replica');
    this.#simulation = simulation;
    this.#server = server;
    this.#kind = kind;
    this.#options = options;
    this.#replicas = Array.from({ length: options.nReplicas }, () => ({
      dueUs: Number.POSITIVE_INFINITY,
      seenRenewalUs: Number.NEGATIVE_INFINITY,
      seenAtUs: Number.NEGATIVE_INFINITY,
    }));
  }

  /** The number of the replica that leads; -1 = none. */
  get leader(): number {
    return this.#isLeading ? this.#holder : -1;
  }

  /** The first replica leads already, the others begin to watch. */
  start(): void {
    const { nowUs } = this.#simulation;
    this.#isLeading = true;
    this.#renew(this.#replicas[0]!, nowUs);
    this.#holder = 0;
    for (const standby of this.#replicas.slice(1)) this.#retryLater(standby, nowUs);
  }

  /** The leader dies at once; answers its number, -1 when nobody led. */
  kill(): number {
    this.catchUp();
    if (!this.#isLeading) return -1;
    this.#lose(this.#simulation.nowUs);
    this.#watch();
    return this.#holder;
  }

  /** Whether writes reach etcd is about to change. */
  disturb(): void {
    this.catchUp();
    if (!this.#isWatched) this.#watch();
  }

  /** Works out what has happened until now, this instant included. */
  catchUp(): void {
    if (this.#isWatched) return;
    this.#runUntil(this.#simulation.nowUs);
    this.#count();
  }

  wake(turn: number): void {
    if (turn !== this.#turn) return;
    this.#runUntil(this.#simulation.nowUs);
    this.#count();
    const isQuiet = this.#isLeading && this.#isWritable && this.#deadlineUs === Number.POSITIVE_INFINITY;
    this.#isWatched = !isQuiet;
    if (this.#isWatched) this.#watch();
  }

  get #isWritable(): boolean {
    return this.#server.isWritable;
  }

  /** The next attempt gets an event. */
  #watch(): void {
    this.#isWatched = true;
    const dueUs = Math.min(this.#deadlineUs, ...this.#replicas.map((replica) => replica.dueUs));
    this.#simulation.at(Math.ceil(dueUs), this.#kind, ++this.#turn, 0, this);
  }

  /** Attempts in the order of their times; of those at one instant, the lower number's first. */
  #runUntil(untilUs: number): void {
    for (;;) {
      let next = this.#replicas[0]!;
      for (const replica of this.#replicas) if (replica.dueUs < next.dueUs) next = replica;
      if (this.#deadlineUs <= untilUs && this.#deadlineUs <= next.dueUs) this.#lose(this.#deadlineUs);
      else if (next.dueUs <= untilUs) this.#act(next, next.dueUs);
      else return;
    }
  }

  #act(replica: Replica, nowUs: number): void {
    if (this.#isLeading && replica === this.#replicas[this.#holder]) this.#renewOrFail(replica, nowUs);
    else this.#attempt(replica, nowUs);
  }

  #renewOrFail(leader: Replica, nowUs: number): void {
    if (this.#isWritable) {
      this.#renew(leader, nowUs);
      return;
    }
    if (this.#deadlineUs === Number.POSITIVE_INFINITY) this.#deadlineUs = nowUs + RENEW_DEADLINE_US;
    leader.dueUs = nowUs + RETRY_US;
  }

  #renew(leader: Replica, nowUs: number): void {
    this.#nUpdates++;
    this.#renewedUs = nowUs;
    this.#deadlineUs = Number.POSITIVE_INFINITY;
    leader.dueUs = nowUs + RETRY_US;
  }

  /** Looks at the lease, and takes it if its holder has been silent for as long as it lasts. */
  #attempt(replica: Replica, nowUs: number): void {
    if (this.#isWritable) {
      this.#nGets++;
      if (replica.seenRenewalUs !== this.#renewedUs) {
        replica.seenRenewalUs = this.#renewedUs;
        replica.seenAtUs = nowUs;
      }
      if (nowUs >= replica.seenAtUs + LEASE_US) {
        this.#win(replica, nowUs);
        return;
      }
    }
    this.#retryLater(replica, nowUs);
  }

  #retryLater(replica: Replica, nowUs: number): void {
    replica.dueUs = nowUs + RETRY_US * (1 + JITTER * this.#options.stream.next());
  }

  #win(replica: Replica, nowUs: number): void {
    this.#holder = this.#replicas.indexOf(replica);
    this.#isLeading = true;
    this.#renew(replica, nowUs);
    this.#options.onWin();
  }

  #lose(nowUs: number): void {
    const replica = this.#replicas[this.#holder]!;
    replica.seenRenewalUs = Number.NEGATIVE_INFINITY;
    replica.dueUs = nowUs + RESTART_US;
    this.#isLeading = false;
    this.#deadlineUs = Number.POSITIVE_INFINITY;
    this.#options.onLoss();
  }

  #count(): void {
    this.#server.countLeases(this.#nGets, this.#nUpdates);
    this.#nGets = 0;
    this.#nUpdates = 0;
  }
}
