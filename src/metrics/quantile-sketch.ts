/**
 * Quantiles of many non-negative numbers in little memory: exact up to 128 values, then counts in buckets whose width
 * is 1/64 of their octave, so that an answer is at most 1/128 off (0.79 %). Count, sum, minimum and maximum stay exact.
 * Two sketches merged equal the sketch of all values, in whatever order they came. Buckets follow from the bits of the
 * number, without a logarithm, so that every machine agrees.
 */

const N_EXACT_MAX = 128;
/** 0.07 of 100 values are 7, though the product is a little more. */
const ROUNDING = 1e-9;
/** Bits of the mantissa that choose a bucket within its octave. */
const MANTISSA_BITS = 6;
const SHIFT = 20 - MANTISSA_BITS;
/** Bucket of 1; smaller values than 1 share the bucket of zero. */
const FIRST_BUCKET = 1023 << MANTISSA_BITS;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
/** Which half of a double holds its exponent. */
const HIGH = words[0] === 0 ? 1 : 0;

/** 0 for values below 1, else 1 + the number of the bucket. */
function bucketOf(value: number): number {
  if (value < 1) return 0;
  float[0] = value;
  return (words[HIGH]! >>> SHIFT) - FIRST_BUCKET + 1;
}

function lowerEdge(bucket: number): number {
  words[HIGH] = (bucket - 1 + FIRST_BUCKET) << SHIFT;
  words[1 - HIGH] = 0;
  return float[0]!;
}

/** The value that stands for a bucket: its middle. */
function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  return (lowerEdge(bucket) + lowerEdge(bucket + 1)) / 2;
}

export class QuantileSketch {
  n = 0;
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  /** All values while they are few. */
  #values: Float64Array | undefined = new Float64Array(4);
  /** Then how many fell into each bucket from `#first` on. */
  #counts = new Float64Array(0);
  #first = 0;
  #isSorted = true;

  /** @param value not negative */
  add(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.sum += value;
    const position = this.n++;
    if (this.#values === undefined) this.#count(bucketOf(value), 1);
    else if (position < N_EXACT_MAX) this.#keep(position, value);
    else {
      this.#spill(position);
      this.#count(bucketOf(value), 1);
    }
  }

  /** Becomes the sketch of its own and the other's values. */
  merge(other: QuantileSketch): void {
    const values = other.#values;
    if (values !== undefined) {
      for (let i = 0; i < other.n; i++) this.add(values[i]!);
      return;
    }
    if (this.#values !== undefined) this.#spill(this.n);
    for (let i = 0; i < other.#counts.length; i++) {
      const nSame = other.#counts[i]!;
      if (nSame > 0) this.#count(other.#first + i, nSame);
    }
    this.n += other.n;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** undefined if there is no value. */
  get mean(): number | undefined {
    return this.n === 0 ? undefined : this.sum / this.n;
  }

  /** The smallest value that at least the share `q` (0 to 1) of the values does not exceed; undefined if there is none. */
  quantile(q: number): number | undefined {
    if (this.n === 0) return undefined;
    const rank = Math.min(this.n, Math.max(1, Math.ceil(q * this.n - ROUNDING)));
    if (rank === this.n) return this.max;
    if (rank === 1) return this.min;
    if (this.#values !== undefined) return this.#sorted()[rank - 1]!;
    let nBelow = 0;
    let i = 0;
    for (; i < this.#counts.length; i++) {
      nBelow += this.#counts[i]!;
      if (nBelow >= rank) break;
    }
    return Math.min(this.max, Math.max(this.min, middleOf(this.#first + i)));
  }

  #keep(position: number, value: number): void {
    if (position === this.#values!.length) {
      const values = new Float64Array(position * 2);
      values.set(this.#values!);
      this.#values = values;
    }
    this.#values![position] = value;
    this.#isSorted = false;
  }

  #sorted(): Float64Array {
    if (!this.#isSorted) this.#values!.subarray(0, this.n).sort();
    this.#isSorted = true;
    return this.#values!;
  }

  #spill(nValues: number): void {
    const values = this.#values!;
    this.#values = undefined;
    for (let i = 0; i < nValues; i++) this.#count(bucketOf(values[i]!), 1);
  }

  #count(bucket: number, nSame: number): void {
    const i = bucket - this.#first;
    if (i < 0 || i >= this.#counts.length) this.#stretch(bucket);
    this.#counts[bucket - this.#first]! += nSame;
  }

  /** Makes room for a bucket, and for its neighbours on that side. */
  #stretch(bucket: number): void {
    const octave = 1 << MANTISSA_BITS;
    const isEmpty = this.#counts.length === 0;
    const first = isEmpty ? bucket : Math.min(this.#first, Math.max(0, bucket - octave / 2));
    const end = isEmpty ? bucket + 1 : Math.max(this.#first + this.#counts.length, bucket + octave / 2);
    const counts = new Float64Array(end - first);
    if (!isEmpty) counts.set(this.#counts, this.#first - first);
    this.#counts = counts;
    this.#first = first;
  }
}
