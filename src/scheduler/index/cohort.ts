/**
 * Partitions that are asked for again and again, with other classes in between: what happens to nodes meanwhile is taken
 * in by all of them at once, node by node, instead of by each when its turn comes. Their codes lie side by side, so that
 * a node's are read and written one page after the other. When something is taken in changes no answer.
 */
import { CodeTiles } from './code-cells.ts';
import type { NodeChanges } from './node-changes.ts';
import type { Partition } from './partition.ts';
import type { Positions } from './positions.ts';

/** Changes that are taken in at once; divides the size of the ring that they lie in. */
const N_AT_ONCE = 64;

export class Cohort {
  readonly #changes: NodeChanges;
  readonly #members: Partition[] = [];
  #tiles = new CodeTiles(0, 0);
  /** How many changes were looked at. */
  #nSeen = 0;
  /** Those of the members that take in the changes at hand, and the first that they do not know yet. */
  readonly #ready: Partition[] = [];
  readonly #first: number[] = [];
  /** By member that is ready and change: the sum of local scores. */
  #sums = new Int32Array(N_AT_ONCE);

  constructor(changes: NodeChanges) {
    this.#changes = changes;
  }

  get size(): number {
    return this.#members.length;
  }

  /** The partition's nodes are at the positions at which those of all members are. */
  join(partition: Partition): void {
    const { tree } = partition;
    if (this.#members.length === 0) this.#tiles = new CodeTiles(tree.nBlocks, tree.nBigBlocks);
    // A member whose codes were too long for tiles once comes back.
    if (tree.moveInto(this.#tiles) && !this.#members.includes(partition)) this.#members.push(partition);
  }

  leave(partition: Partition): void {
    const at = this.#members.indexOf(partition);
    if (at === -1) return;
    this.#members.splice(at, 1);
    partition.tree.leaveTiles();
  }

  /** Nodes have come or gone: the members go on by themselves. */
  dissolve(): void {
    this.#members.length = 0;
  }

  /** Lets the members take in what has happened, as far as it is enough to be worth it. */
  catchUp(positions: Positions): void {
    const { nCopies, copies } = this.#changes;
    const nWhole = nCopies - (nCopies % N_AT_ONCE);
    if (this.#members.length === 0 || nWhole - this.#nSeen > copies.capacity) this.#nSeen = nWhole;
    for (; this.#nSeen < nWhole; this.#nSeen += N_AT_ONCE) this.#takeIn(positions);
  }

  #takeIn(positions: Positions): void {
    this.#findReady(positions);
    if (this.#ready.length === 0) return;
    this.#workOut();
    this.#place(positions);
    for (const partition of this.#ready) partition.nTakenIn = this.#nSeen + N_AT_ONCE;
  }

  /** Whoever has not been asked for for long, or has missed something, goes on by itself when it is asked for. */
  #findReady(positions: Positions): void {
    const nSeen = this.#nSeen;
    this.#ready.length = 0;
    this.#first.length = 0;
    for (const partition of this.#members) {
      const first = Math.max(0, partition.nTakenIn - nSeen);
      if (partition.nTakenIn < nSeen || first >= N_AT_ONCE) continue;
      if (!partition.isExpectedSoon || !partition.canTakeIn(positions)) continue;
      this.#ready.push(partition);
      this.#first.push(first);
    }
  }

  #workOut(): void {
    const { copies } = this.#changes;
    const start = this.#nSeen % copies.capacity;
    const nReady = this.#ready.length;
    if (this.#sums.length < nReady * N_AT_ONCE) this.#sums = new Int32Array(2 * nReady * N_AT_ONCE);
    for (let member = 0; member < nReady; member++) {
      const first = this.#first[member]!;
      this.#ready[member]!.workOut(copies, start + first, start + N_AT_ONCE);
      for (let i = first; i < N_AT_ONCE; i++) this.#sums[member * N_AT_ONCE + i] = copies.sums[start + i]!;
    }
  }

  #place({ ofRow }: Positions): void {
    const { rows, capacity } = this.#changes.copies;
    const start = this.#nSeen % capacity;
    const ready = this.#ready;
    for (let i = 0; i < N_AT_ONCE; i++) {
      const row = rows[start + i]!;
      const position = ofRow[row]!;
      if (position === -1) continue;
      for (let member = 0; member < ready.length; member++) {
        if (i >= this.#first[member]!)
          ready[member]!.place(row, position, this.#sums[member * N_AT_ONCE + i]!);
      }
    }
  }
}
