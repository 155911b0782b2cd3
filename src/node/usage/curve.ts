// How much a container uses over the time since its start: given points, straight lines or steps in between. After the
// last point the value stays, or the whole curve repeats.

import { assert } from '../../base/assert.ts';

export interface CurveSpec {
  /** Rising times since the start of the container (us), with values. */
  readonly points: readonly (readonly [atUs: number, value: number])[];
  /** Each value holds until the next point (CPU), or changes steadily (memory, storage). */
  readonly isStep: boolean;
  /** The curve starts over after so long; not before its last point. */
  readonly repeatUs?: number;
}

export class Curve {
  readonly max: number;
  readonly #timesUs: readonly number[];
  readonly #values: readonly number[];
  readonly #isStep: boolean;
  readonly #repeatUs: number;

  constructor({ points, isStep, repeatUs = Infinity }: CurveSpec) {
    assert(points.length > 0 && repeatUs > 0, 'a curve needs a point and a positive period');
    this.#timesUs = points.map(([atUs]) => atUs);
    this.#values = points.map(([, value]) => value);
    this.#isStep = isStep;
    this.#repeatUs = repeatUs;
    this.max = Math.max(...this.#values);
  }

  at(ageUs: number): number {
    const lapUs = this.#repeatUs === Infinity ? ageUs : ageUs % this.#repeatUs;
    const i = this.#segment(lapUs);
    if (i < 0) return this.#values[0]!;
    if (this.#isStep || i === this.#values.length - 1) return this.#values[i]!;
    const fromUs = this.#timesUs[i]!;
    const share = (lapUs - fromUs) / (this.#timesUs[i + 1]! - fromUs);
    return this.#values[i]! + share * (this.#values[i + 1]! - this.#values[i]!);
  }

  /** The first age after `ageUs` at which the curve bends or jumps; Infinity if it never does again. */
  nextBend(ageUs: number): number {
    const base = this.#repeatUs === Infinity ? 0 : Math.floor(ageUs / this.#repeatUs) * this.#repeatUs;
    const nextUs = this.#timesUs[this.#segment(ageUs - base) + 1];
    return Math.min(nextUs === undefined ? Infinity : base + nextUs, base + this.#repeatUs);
  }

  /** The first age from `ageUs` on at which the value exceeds `level`, to the microsecond above; Infinity if it never does. */
  firstAbove(level: number, ageUs: number): number {
    if (this.max <= level) return Infinity;
    let fromUs = ageUs;
    const endUs = ageUs + (this.#repeatUs === Infinity ? Infinity : 2 * this.#repeatUs);
    while (fromUs <= endUs) {
      const value = this.at(fromUs);
      if (value > level) return fromUs;
      const bendUs = this.nextBend(fromUs);
      if (bendUs === Infinity) return Infinity;
      const end = this.#isStep ? value : this.#valueBefore(bendUs);
      if (end > level) return fromUs + Math.floor(((level - value) / (end - value)) * (bendUs - fromUs)) + 1;
      fromUs = bendUs;
    }
    return Infinity;
  }

  /** The value that a straight piece reaches at its end. */
  #valueBefore(bendUs: number): number {
    const lapUs = this.#repeatUs === Infinity ? bendUs : bendUs % this.#repeatUs || this.#repeatUs;
    const i = this.#timesUs.indexOf(lapUs);
    return i >= 0 ? this.#values[i]! : this.#values[this.#values.length - 1]!;
  }

  /** The last point at or before an age; -1 before the first. */
  #segment(lapUs: number): number {
    let i = this.#timesUs.length - 1;
    while (i >= 0 && this.#timesUs[i]! > lapUs) i--;
    return i;
  }
}
