// What a controller has asked for and not yet heard of: it must not count pods before it has.
// Source: pkg/controller/controller_utils.go (UIDTrackingControllerExpectations), 1.37.

const EXPIRES_US = 300_000_000;

interface Expectation {
  nCreations: number;
  readonly deletions: Set<number>;
  readonly setUs: number;
}

export class Expectations {
  readonly #now: () => number;
  readonly #expectations = new Map<string, Expectation>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Nothing is expected, or it was so long ago that it will not come. */
  areSatisfied(key: string): boolean {
    const expected = this.#expectations.get(key);
    if (!expected) return true;
    if (expected.nCreations <= 0 && expected.deletions.size === 0) return true;
    return this.#now() - expected.setUs > EXPIRES_US;
  }

  expectCreations(key: string, nCreations: number): void {
    this.#expectations.set(key, { nCreations, deletions: new Set(), setUs: this.#now() });
  }

  expectDeletions(key: string, uids: Iterable<number>): void {
    this.#expectations.set(key, { nCreations: 0, deletions: new Set(uids), setUs: this.#now() });
  }

  /** Both at once, as the DaemonSet controller does. */
  expect(key: string, nCreations: number, uids: Iterable<number>): void {
    this.#expectations.set(key, { nCreations, deletions: new Set(uids), setUs: this.#now() });
  }

  /** A pod was heard of, or its creation failed. */
  creationObserved(key: string, count = 1): void {
    const expected = this.#expectations.get(key);
    if (expected) expected.nCreations -= count;
  }

  deletionObserved(key: string, uid: number): void {
    this.#expectations.get(key)?.deletions.delete(uid);
  }

  forget(key: string): void {
    this.#expectations.delete(key);
  }

  clear(): void {
    this.#expectations.clear();
  }
}
