// The nodes' leases. Renewals are regular, so they are kept as (first, period, end) and worked out when asked for: the
// answers are those of single writes, each heard of after the watch's delay, and the writes are counted all the same.

import { assert } from '../base/assert.ts';
import type { LeaseView } from '../kube/api.ts';

interface Lease {
  readonly firstUs: number;
  readonly periodUs: number;
  /** No renewal after this. */
  endUs: number;
  /** The last renewal before `firstUs`. */
  readonly beforeUs: number | undefined;
}

/** Number of renewals of a lease up to an instant. */
function renewalsUntil(lease: Lease, atUs: number): number {
  const untilUs = Math.min(atUs, lease.endUs);
  return untilUs < lease.firstUs ? 0 : Math.floor((untilUs - lease.firstUs) / lease.periodUs) + 1;
}

function lastRenewalUs(lease: Lease, atUs: number): number | undefined {
  const nRenewals = renewalsUntil(lease, atUs);
  return nRenewals === 0 ? lease.beforeUs : lease.firstUs + (nRenewals - 1) * lease.periodUs;
}

export class Leases implements LeaseView {
  readonly hearUs: number;
  readonly #now: () => number;
  readonly #leases = new Map<string, Lease>();
  readonly #lapsed = new Set<string>();
  #nEnded = 0;

  constructor(now: () => number, hearUs: number) {
    this.#now = now;
    this.hearUs = hearUs;
  }

  renew(node: string, firstUs: number, periodUs: number): void {
    assert(periodUs > 0 && firstUs >= this.#now(), 'a lease is renewed from now on, at a positive period');
    this.end(node);
    const before = this.#leases.get(node);
    if (before) this.#nEnded += renewalsUntil(before, before.endUs);
    const beforeUs = before && lastRenewalUs(before, before.endUs);
    this.#leases.set(node, { firstUs, periodUs, endUs: Number.POSITIVE_INFINITY, beforeUs });
    this.#lapsed.delete(node);
  }

  end(node: string): void {
    const lease = this.#leases.get(node);
    if (!lease) return;
    lease.endUs = Math.min(lease.endUs, this.#now());
    this.#lapsed.add(node);
  }

  renewedUs(node: string): number | undefined {
    const lease = this.#leases.get(node);
    return lease && lastRenewalUs(lease, this.#now() - this.hearUs);
  }

  lapsed(): Iterable<string> {
    return this.#lapsed;
  }

  /** Writes of leases so far. */
  get nRenewals(): number {
    let n = this.#nEnded;
    for (const lease of this.#leases.values()) n += renewalsUntil(lease, this.#now());
    return n;
  }
}
