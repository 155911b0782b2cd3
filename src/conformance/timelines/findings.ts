/** What a comparison of two timelines found, by kind of object and owner. */
import { compareStrings } from '../../base/orders.ts';

export interface Finding {
  readonly kind: string;
  /** Owner of the pods, or name of the object. */
  readonly owner: string;
  /** Largest difference in time between partners, in seconds, and what it was. */
  largestS: number;
  largestWhat: string;
  /** The first mismatch in words, and how many there are. */
  firstMismatch: string | undefined;
  nMismatches: number;
}

export class Findings {
  readonly #all = new Map<string, Finding>();

  get isEmpty(): boolean {
    return this.list().every(({ nMismatches }) => nMismatches === 0);
  }

  /** In the order in which they were first spoken of. */
  list(): Finding[] {
    return [...this.#all.values()];
  }

  differ(kind: string, owner: string, mismatch: string): void {
    const finding = this.#of(kind, owner);
    finding.firstMismatch ??= mismatch;
    finding.nMismatches++;
  }

  /** Two times that belong together are so far apart. */
  apart(kind: string, owner: string, seconds: number, what: string): void {
    const finding = this.#of(kind, owner);
    if (seconds <= finding.largestS) return;
    finding.largestS = seconds;
    finding.largestWhat = what;
  }

  #of(kind: string, owner: string): Finding {
    const key = `${kind} ${owner}`;
    let finding = this.#all.get(key);
    if (!finding) {
      finding = { kind, owner, largestS: 0, largestWhat: '', firstMismatch: undefined, nMismatches: 0 };
      this.#all.set(key, finding);
    }
    return finding;
  }
}

/** The keys of both maps, in order. */
export function keysOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort(compareStrings);
}
