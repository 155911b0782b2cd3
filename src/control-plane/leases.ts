// The nodes' leases. Renewals are regular, so they are kept as (first, period, end) and worked out when asked for: the
// answers are those of single writes, each heard of after the watch's delay, and the writes are counted all the same.

import { assert } from '../base/assert.ts';
import type { LeaseView } from '../kube/api.ts';
import type { Lease } from '../kube/types.ts';
import type { WallClock } from '../kube/wall-clock.ts';

interface Renewals {
  readonly firstUs: number;
  readonly periodUs: number;
  /** No renewal after this. */
  endUs: number;
  /** What went before, as far as it may still be asked for. */
  before: Renewals | undefined;
}

/** A time in which nothing could be written. */
interface Outage {
  readonly fromUs: number;
  toUs: number;
}

/** Silence is noticed within this time after an outage. */
const AFTERMATH_US = 70_000_000;

/** Number of renewals of a lease that were due up to an instant. */
function renewalsUntil(lease: Renewals, atUs: number): number {
  const untilUs = Math.min(atUs, lease.endUs);
  return untilUs < lease.firstUs ? 0 : Math.floor((untilUs - lease.firstUs) / lease.periodUs) + 1;
}

/** The last renewal of this lease itself that was due up to an instant. */
function ownDueUs(lease: Renewals, atUs: number): number | undefined {
  const nRenewals = renewalsUntil(lease, atUs);
  return nRenewals === 0 ? undefined : lease.firstUs + (nRenewals - 1) * lease.periodUs;
}

export class Leases implements LeaseView {
  readonly hearUs: number;
  readonly #now: () => number;
  readonly #leases = new Map<string, Renewals>();
  readonly #lapsed = new Set<string>();
  readonly #outages: Outage[] = [];
  #nEnded = 0;

  constructor(now: () => number, hearUs: number) {
    this.#now = now;
    this.hearUs = hearUs;
  }

  renew(node: string, firstUs: number, periodUs: number): void {
    assert(periodUs > 0 && firstUs >= this.#now(), 'a lease is renewed from now on, at a positive period');
    this.end(node);
    const before = this.#leases.get(node);
    if (before) this.#nEnded += this.#count(before, before.endUs);
    if (before && this.#standsAlone(before)) before.before = undefined;
    this.#leases.set(node, { firstUs, periodUs, endUs: Number.POSITIVE_INFINITY, before });
    this.#lapsed.delete(node);
  }

  /** One of its own renewals has been heard of: nobody will ask for earlier ones. */
  #standsAlone(lease: Renewals): boolean {
    return this.#lastRenewalUs({ ...lease, before: undefined }, this.#now() - this.hearUs) !== undefined;
  }

  end(node: string): void {
    const lease = this.#leases.get(node);
    if (!lease) return;
    lease.endUs = Math.min(lease.endUs, this.#now());
    this.#lapsed.add(node);
  }

  renewedUs(node: string): number | undefined {
    const lease = this.#leases.get(node);
    return lease && this.#lastRenewalUs(lease, this.#now() - this.hearUs);
  }

  /** The lease as a live read shows it. */
  object(node: string, clock: WallClock): Lease | undefined {
    const lease = this.#leases.get(node);
    const renewedUs = lease && this.#lastRenewalUs(lease, this.#now());
    if (renewedUs === undefined) return undefined;
    const metadata = { name: node, namespace: 'kube-node-lease' };
    const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime: clock.microTime(renewedUs) };
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  }

  /** While nothing can be written, and for a while after, any lease may be too old. */
  lapsed(): Iterable<string> {
    const last = this.#outages.at(-1);
    return last && this.#now() < last.toUs + AFTERMATH_US ? this.#leases.keys() : this.#lapsed;
  }

  /** From now on renewals fail. */
  suspend(): void {
    this.#outages.push({ fromUs: this.#now(), toUs: Number.POSITIVE_INFINITY });
  }

  resume(): void {
    const last = this.#outages.at(-1);
    if (last) last.toUs = this.#now();
  }

  /** The newest renewal up to an instant; one that was due in an outage is tried until it succeeds, at its end. */
  #lastRenewalUs(lease: Renewals, atUs: number): number | undefined {
    let lastUs = ownDueUs(lease, atUs);
    for (let at = this.#outages.length - 1; at >= 0 && lastUs !== undefined; at--) {
      const { fromUs, toUs } = this.#outages[at]!;
      if (lastUs <= fromUs || lastUs > toUs) continue;
      if (toUs <= Math.min(atUs, lease.endUs)) return toUs;
      lastUs = ownDueUs(lease, fromUs);
    }
    return lastUs ?? (lease.before && this.#lastRenewalUs(lease.before, atUs));
  }

  #count(lease: Renewals, untilUs: number): number {
    let count = renewalsUntil(lease, untilUs);
    for (const { fromUs, toUs } of this.#outages) {
      const nMissed =
        renewalsUntil(lease, Math.min(untilUs, toUs)) - renewalsUntil(lease, Math.min(untilUs, fromUs));
      const isMadeUpFor = nMissed > 0 && toUs <= Math.min(untilUs, lease.endUs);
      count += (isMadeUpFor ? 1 : 0) - nMissed;
    }
    return count;
  }

  /** Writes of leases so far. */
  get nRenewals(): number {
    let n = this.#nEnded;
    for (const lease of this.#leases.values()) n += this.#count(lease, this.#now());
    return n;
  }
}
