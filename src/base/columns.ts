// Growable columns of numbers: one typed array each, doubled when full. Hot loops read `column.data` afresh after anything grew.

type Numbers = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

function columnOf<A extends Numbers>(ArrayType: new (length: number) => A) {
  return class Column {
    /** Rows 0 to length-1, then zeroes. Replaced when the column grows. */
    data: A = new ArrayType(16);
    length = 0;

    /** Appends a row and answers its position. */
    push(value: number): number {
      const i = this.length;
      if (i === this.data.length) this.reserve(i + 1);
      this.data[i] = value;
      this.length = i + 1;
      return i;
    }

    /** Makes the column at least `length` rows long; new rows are zero. */
    grow(length: number): void {
      if (length <= this.length) return;
      if (length > this.data.length) this.reserve(length);
      this.length = length;
    }

    /** Makes room for `capacity` rows without adding any. */
    reserve(capacity: number): void {
      if (capacity <= this.data.length) return;
      const data = new ArrayType(Math.max(capacity, this.data.length * 2));
      data.set(this.data);
      this.data = data;
    }
  };
}

export const Float64Column = columnOf<Float64Array>(Float64Array);
export type Float64Column = InstanceType<typeof Float64Column>;
export const Int32Column = columnOf<Int32Array>(Int32Array);
export type Int32Column = InstanceType<typeof Int32Column>;
export const Uint32Column = columnOf<Uint32Array>(Uint32Array);
export type Uint32Column = InstanceType<typeof Uint32Column>;
export const Uint16Column = columnOf<Uint16Array>(Uint16Array);
export type Uint16Column = InstanceType<typeof Uint16Column>;
export const Uint8Column = columnOf<Uint8Array>(Uint8Array);
export type Uint8Column = InstanceType<typeof Uint8Column>;
