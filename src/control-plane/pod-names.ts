// The names that pods of one namespace have. Names that the server made up are unique by construction and not among
// them.

import { assert } from '../base/assert.ts';
import { BitSet } from '../base/bit-set.ts';
import { NumberedName, numberedName, type PodName } from '../kube/pod-name.ts';
import type { PodIdentity } from '../kube/pod-object.ts';

/** Numbered names with one prefix: a bit each, so that a generator's many pods need no entry among the other names. */
class Series {
  readonly numbers = new BitSet();
  /** Names that were given as a string and are of this form; they are among the strings only. */
  nStrings = 0;
}

export class PodNames {
  readonly #strings = new Map<string, PodIdentity>();
  readonly #series = new Map<string, Series>();

  has(name: PodName): boolean {
    if (name instanceof NumberedName) {
      const { numbers, nStrings } = this.#seriesOf(name.prefix);
      return numbers.has(name.number) || (nStrings > 0 && this.#strings.has(name.toString()));
    }
    if (this.#strings.has(name)) return true;
    const numbered = this.#inSeries(name);
    return numbered !== undefined && this.#seriesOf(numbered.prefix).numbers.has(numbered.number);
  }

  /** The pod to which this name was given as a string. */
  get(name: string): PodIdentity | undefined {
    return this.#strings.get(name);
  }

  add(name: PodName, pod: PodIdentity): void {
    if (name instanceof NumberedName) {
      this.#seriesOf(name.prefix).numbers.set(name.number);
      return;
    }
    this.#strings.set(name, pod);
    const numbered = this.#inSeries(name);
    if (numbered) this.#seriesOf(numbered.prefix).nStrings++;
  }

  delete(name: PodName): void {
    if (name instanceof NumberedName) {
      this.#seriesOf(name.prefix).numbers.clear(name.number);
      return;
    }
    this.#strings.delete(name);
    const numbered = this.#inSeries(name);
    if (numbered) this.#seriesOf(numbered.prefix).nStrings--;
  }

  /** The name in its parts if there is a series of its form. */
  #inSeries(name: string): NumberedName | undefined {
    const numbered = this.#series.size > 0 ? numberedName(name) : undefined;
    return numbered && this.#series.has(numbered.prefix) ? numbered : undefined;
  }

  #seriesOf(prefix: string): Series {
    let series = this.#series.get(prefix);
    if (!series) {
      assert(!/\d$/.test(prefix), `the prefix ${prefix} of numbered names ends in a digit`);
      series = new Series();
      for (const name of this.#strings.keys()) if (numberedName(name)?.prefix === prefix) series.nStrings++;
      this.#series.set(prefix, series);
    }
    return series;
  }
}
