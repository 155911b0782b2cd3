/**
 * Matching pods by domain for one constraint, with the minimum over domains at hand: a histogram of the counts moves
 * it in constant time, because a count changes by one at a time.
 */
import type { LabelColumn } from '../../../cluster/label-columns.ts';

/** What the minimum is when no domain exists: everything passes. Source: podtopologyspread/filtering.go newCriticalPaths. */
const NO_MINIMUM = 2 ** 31 - 1;

export class DomainCounts {
  /** Matching pods by domain. */
  readonly counts: Int32Array;
  /** The smallest count of a domain that exists. */
  min = NO_MINIMUM;
  /** Domains that hold at least one included node. */
  nDomains = 0;
  readonly #column: LabelColumn | undefined;
  readonly #missingDomain: number;
  readonly #existing: Uint8Array;
  /** Number of domains by count. */
  #nDomainsAt: Map<number, number> | undefined;

  /**
   * @param column the topology key; undefined = each node is a domain, numbered by its row.
   * @param missingDomain the domain of nodes without the key; -1 = they have none.
   */
  constructor(column: LabelColumn | undefined, nValues: number, missingDomain: number) {
    this.#column = column;
    this.#missingDomain = missingDomain;
    this.counts = new Int32Array(nValues);
    this.#existing = new Uint8Array(nValues);
  }

  get isByNode(): boolean {
    return this.#column === undefined;
  }

  /** The number of the node's domain, -1 = none. */
  domainOf(node: number): number {
    if (this.#column === undefined) return node;
    const value = this.#column.data[node]!;
    return value === -1 ? this.#missingDomain : value;
  }

  /** While building: a matching pod on an included node. */
  add(node: number): void {
    this.counts[this.domainOf(node)]!++;
  }

  /** While building: an included node. */
  include(node: number): void {
    this.#existing[this.domainOf(node)] = 1;
  }

  /** Ends building where the minimum is asked for. */
  findMinimum(): void {
    this.#nDomainsAt = new Map();
    for (let domain = 0; domain < this.counts.length; domain++) {
      if (!this.#existing[domain]) continue;
      const count = this.counts[domain]!;
      this.#nDomainsAt.set(count, (this.#nDomainsAt.get(count) ?? 0) + 1);
      this.nDomains++;
      if (count < this.min) this.min = count;
    }
  }

  /** One matching pod more or less on an included node. Says whether the minimum moved, if that is kept. */
  move(node: number, sign: 1 | -1): boolean {
    const domain = this.domainOf(node);
    const before = this.counts[domain]!;
    const after = before + sign;
    this.counts[domain] = after;
    const nDomainsAt = this.#nDomainsAt;
    if (!nDomainsAt) return false;
    const nLeft = nDomainsAt.get(before)! - 1;
    if (nLeft === 0) nDomainsAt.delete(before);
    else nDomainsAt.set(before, nLeft);
    nDomainsAt.set(after, (nDomainsAt.get(after) ?? 0) + 1);
    // The domain that leaves the minimum last becomes the minimum itself: the others are above, so at least there too.
    const isNewMin = after < this.min || (before === this.min && nLeft === 0);
    if (isNewMin) this.min = after;
    return isNewMin;
  }
}
