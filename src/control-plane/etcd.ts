// The members of etcd as far as they decide whether the API can write: with no majority, or while a new leader is
// elected, writes and consistent reads wait.
// Source of the times: etcd's tuning documents (heartbeat 100 ms, election timeout 1000 ms: an election takes 1 to 2 s),
// etcd server/v3 config ReqTimeout (5 s and two election timeouts). Which member fails first is a rule here: the leader.

import { assert } from '../base/assert.ts';

const ELECTION_US = 1_500_000;
/** How long the API server waits for a write before it gives up. */
export const ETCD_TIMEOUT_US = 7_000_000;

export interface EtcdOptions {
  readonly nMembers: number;
  /** Calls `Etcd.elected` with `term` after a delay. */
  readonly schedule: (delayUs: number, term: number) => void;
  readonly onAvailable: () => void;
  readonly onUnavailable: () => void;
}

export class Etcd {
  readonly #options: EtcdOptions;
  #nRunning: number;
  /** Counts changes of the membership: an election is void when another change came. */
  #term = 0;
  #hasLeader = true;

  constructor(options: EtcdOptions) {
    assert(options.nMembers >= 1, 'etcd needs a member');
    this.#options = options;
    this.#nRunning = options.nMembers;
  }

  get isAvailable(): boolean {
    return this.#hasLeader;
  }

  get nRunning(): number {
    return this.#nRunning;
  }

  get hasQuorum(): boolean {
    return this.#nRunning > this.#options.nMembers / 2;
  }

  /** So many members stop, the leader first; answers how many were there to stop. */
  stop(nMembers: number): number {
    const nStopped = Math.min(nMembers, this.#nRunning);
    this.#nRunning -= nStopped;
    if (nStopped === 0) return 0;
    this.#term++;
    if (this.#hasLeader) this.#options.onUnavailable();
    this.#hasLeader = false;
    if (this.hasQuorum) this.#options.schedule(ELECTION_US, this.#term);
    return nStopped;
  }

  /** So many members come back; a majority elects a leader if there is none. */
  start(nMembers: number): number {
    const nStarted = Math.min(nMembers, this.#options.nMembers - this.#nRunning);
    this.#nRunning += nStarted;
    if (this.#hasLeader || !this.hasQuorum || nStarted === 0) return nStarted;
    this.#options.schedule(ELECTION_US, ++this.#term);
    return nStarted;
  }

  elected(term: number): void {
    if (term !== this.#term || this.#hasLeader) return;
    this.#hasLeader = true;
    this.#options.onAvailable();
  }
}
