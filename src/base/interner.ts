// Names as small integers, numbered in the order of their first appearance, never forgotten.

import { assert } from './assert.ts';

export class Interner<T extends string = string> {
  readonly #ids = new Map<string, number>();
  readonly #names: T[] = [];

  get size(): number {
    return this.#names.length;
  }

  /** The number of `name`, given now if it is new. */
  idOf(name: T): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.length;
      this.#names.push(name);
      this.#ids.set(name, id);
    }
    return id;
  }

  /** The number of `name`, or -1 when it never appeared. */
  find(name: string): number {
    return this.#ids.get(name) ?? -1;
  }

  name(id: number): T {
    const name = this.#names[id];
    assert(name !== undefined, 'interner: unknown id');
    return name;
  }
}
