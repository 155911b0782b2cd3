/**
 * Node labels, one column per key. Values are numbered per key in order of first appearance, so that the number of
 * a value is at once the index of its topology domain.
 */
import { Interner } from '../base/interner.ts';

/** One label key over all nodes: `data[node]` is the number of the node's value, or -1 where the label is absent. */
export class LabelColumn {
  readonly values = new Interner<string>();
  data: Int32Array;

  constructor(capacity: number) {
    this.data = new Int32Array(capacity).fill(-1);
  }

  grow(capacity: number): void {
    const grown = new Int32Array(capacity).fill(-1);
    grown.set(this.data);
    this.data = grown;
  }
}

/** The labels of all nodes by key. Reading an unknown key gives an empty column, which later nodes may fill. */
export class LabelColumns {
  readonly #columns = new Map<string, LabelColumn>();
  #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The column of a key; its `data` array is replaced when the table grows, so hold the column, not the array. */
  column(key: string): LabelColumn {
    let column = this.#columns.get(key);
    if (!column) {
      column = new LabelColumn(this.#capacity);
      this.#columns.set(key, column);
    }
    return column;
  }

  /** The value of one label of one node, or undefined. */
  get(node: number, key: string): string | undefined {
    const column = this.#columns.get(key);
    const value = column?.data[node] ?? -1;
    return value < 0 ? undefined : column!.values.name(value);
  }

  /** Replaces all labels of a node. */
  set(node: number, labels: Readonly<Record<string, string>>): void {
    for (const column of this.#columns.values()) column.data[node] = -1;
    for (const [key, value] of Object.entries(labels)) {
      const column = this.column(key);
      column.data[node] = column.values.idOf(value);
    }
  }

  grow(capacity: number): void {
    this.#capacity = capacity;
    for (const column of this.#columns.values()) column.grow(capacity);
  }
}
