/**
 * The log of everything that changed the scheduler's picture of the cluster. Consumers (the score index, the
 * cached state of plugins) keep a cursor and catch up lazily; one that has fallen behind the ring rebuilds.
 */

/** What one entry of the log says. */
export const Change = {
  /** A pod of class `cls` now counts on `node`. */
  PodAdded: 0,
  /** A pod of class `cls` no longer counts on `node`. */
  PodRemoved: 1,
  /** A pod of class `cls` on `node` got its deletion timestamp; it still holds its resources. */
  PodTerminating: 2,
  /** A terminating pod of class `cls` no longer counts on `node`. */
  TerminatingPodRemoved: 3,
  /** A terminating pod of class `cls` now counts on `node` (put back after a trial removal). */
  TerminatingPodAdded: 4,
  /** Labels, taints, allocatable, images or the cordon of `node` changed. */
  NodeUpdated: 5,
  /** `node` joined or left: positions and domains change. */
  NodeSetChanged: 6,
  /** Something other than pods and nodes changed: services, owners, storage, namespaces. */
  ObjectsChanged: 7,
} as const;
export type Change = (typeof Change)[keyof typeof Change];

/** A ring of changes. `head` counts every entry ever written; entry `i` can be read while `head - i <= capacity`. */
export class ChangeLog {
  head = 0;
  /** Bumped by each change that is not about a pod: a cheap "rebuild everything" check. */
  structureVersion = 0;
  /** Bumped by each change of a node or of the set of nodes. */
  nodesVersion = 0;
  readonly capacity: number;
  readonly #mask: number;
  readonly #kind: Uint8Array;
  readonly #node: Int32Array;
  readonly #cls: Int32Array;

  /** @param capacityLog2 the ring keeps the last `2 ** capacityLog2` entries. */
  constructor(capacityLog2 = 16) {
    this.capacity = 2 ** capacityLog2;
    this.#mask = this.capacity - 1;
    this.#kind = new Uint8Array(this.capacity);
    this.#node = new Int32Array(this.capacity);
    this.#cls = new Int32Array(this.capacity);
  }

  append(kind: Change, node: number, cls: number): void {
    const slot = this.head & this.#mask;
    this.#kind[slot] = kind;
    this.#node[slot] = node;
    this.#cls[slot] = cls;
    this.head++;
    if (kind < Change.NodeUpdated) return;
    this.structureVersion++;
    if (kind !== Change.ObjectsChanged) this.nodesVersion++;
  }

  /** True while every entry from `cursor` on can still be read. */
  reaches(cursor: number): boolean {
    return this.head - cursor <= this.capacity;
  }

  kindAt(i: number): Change {
    return this.#kind[i & this.#mask] as Change;
  }

  nodeAt(i: number): number {
    return this.#node[i & this.#mask]!;
  }

  classAt(i: number): number {
    return this.#cls[i & this.#mask]!;
  }
}
