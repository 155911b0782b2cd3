/**
 * Feasible nodes with their local scores, by group of nodes that all else treats alike, over the positions of the
 * walk: a tree with two levels of blocks per group answers where the highest local scores are, and how many there are.
 */
import { INFEASIBLE } from './static-scores.ts';

/** Positions in a block, and blocks in a big block. */
export const BLOCK_LOG2 = 5;
export const BIG_BLOCK_LOG2 = 10;
const BLOCK = 2 ** BLOCK_LOG2;
const NONE = -1;

export class GroupTree {
  readonly size: number;
  readonly nBlocks: number;
  readonly nBigBlocks: number;
  /** Local score by position, INFEASIBLE where the node is in no group. */
  readonly scores: Int16Array | Int32Array;
  readonly groupOf: Uint16Array;
  /** Groups that ever were; some may be empty. */
  nGroups = 0;
  nFeasible = 0;
  /** Feasible nodes by group. */
  counts = new Int32Array(4);
  /** By group and block: the highest score, and how many feasible nodes. */
  tops: Int32Array;
  blockCounts: Uint8Array;
  /** By group and big block: the highest score. */
  bigTops: Int32Array;
  #someMember = new Int32Array(4);

  /** @param scoreMax the highest score there can be: small ones take less memory, of which speed is made here */
  constructor(size: number, scoreMax: number) {
    this.size = size;
    this.nBlocks = Math.ceil(size / BLOCK);
    this.nBigBlocks = Math.ceil(size / 2 ** BIG_BLOCK_LOG2);
    this.scores = (scoreMax < 2 ** 15 ? new Int16Array(size) : new Int32Array(size)).fill(INFEASIBLE);
    this.groupOf = new Uint16Array(size);
    this.tops = new Int32Array(4 * this.nBlocks).fill(NONE);
    this.blockCounts = new Uint8Array(4 * this.nBlocks);
    this.bigTops = new Int32Array(4 * this.nBigBlocks).fill(NONE);
  }

  /** Sets what a node has; `group` does not matter if it is INFEASIBLE. */
  place(position: number, score: number, group: number): void {
    const old = this.scores[position]!;
    const oldGroup = this.nGroups > 1 ? this.groupOf[position]! : 0;
    if (old === score && (old === INFEASIBLE || oldGroup === group)) return;
    if (old !== INFEASIBLE && (score === INFEASIBLE || oldGroup !== group)) {
      this.scores[position] = INFEASIBLE;
      this.#count(position, oldGroup, -1);
      this.#lower(position, oldGroup, old);
    }
    if (score === INFEASIBLE) return;
    this.scores[position] = score;
    if (old === INFEASIBLE || oldGroup !== group) {
      while (group >= this.nGroups) this.#addGroup();
      this.groupOf[position] = group;
      this.#someMember[group] = position;
      this.#count(position, group, 1);
      this.#raise(position, group, score);
    } else if (score > old) this.#raise(position, group, score);
    else this.#lower(position, group, old);
  }

  /** A feasible node of a group that has some. */
  memberOf(group: number): number {
    const known = this.#someMember[group]!;
    if (this.scores[known] !== INFEASIBLE && this.groupOf[known] === group) return known;
    let block = 0;
    while (this.blockCounts[group * this.nBlocks + block] === 0) block++;
    let position = block << BLOCK_LOG2;
    while (this.scores[position] === INFEASIBLE || this.groupOf[position] !== group) position++;
    this.#someMember[group] = position;
    return position;
  }

  #count(position: number, group: number, sign: 1 | -1): void {
    this.nFeasible += sign;
    this.counts[group]! += sign;
    this.blockCounts[group * this.nBlocks + (position >> BLOCK_LOG2)]! += sign;
  }

  #raise(position: number, group: number, score: number): void {
    const block = group * this.nBlocks + (position >> BLOCK_LOG2);
    if (score <= this.tops[block]!) return;
    this.tops[block] = score;
    const bigBlock = group * this.nBigBlocks + (position >> BIG_BLOCK_LOG2);
    if (score > this.bigTops[bigBlock]!) this.bigTops[bigBlock] = score;
  }

  /** A node of the group no longer has `old`. */
  #lower(position: number, group: number, old: number): void {
    const block = position >> BLOCK_LOG2;
    const at = group * this.nBlocks + block;
    if (old < this.tops[at]!) return;
    const top = this.#topOfBlock(block, group);
    this.tops[at] = top;
    if (top === old) return;
    const bigBlock = position >> BIG_BLOCK_LOG2;
    const bigAt = group * this.nBigBlocks + bigBlock;
    if (old === this.bigTops[bigAt]) this.bigTops[bigAt] = this.#topOfBigBlock(bigBlock, group);
  }

  #topOfBlock(block: number, group: number): number {
    const { scores, groupOf } = this;
    const isOnly = this.nGroups === 1;
    const end = Math.min((block + 1) << BLOCK_LOG2, this.size);
    let top = NONE;
    for (let i = block << BLOCK_LOG2; i < end; i++) {
      if (scores[i]! > top && (isOnly || groupOf[i] === group)) top = scores[i]!;
    }
    return top;
  }

  #topOfBigBlock(bigBlock: number, group: number): number {
    const nBlocksIn = 1 << (BIG_BLOCK_LOG2 - BLOCK_LOG2);
    const end = group * this.nBlocks + Math.min((bigBlock + 1) * nBlocksIn, this.nBlocks);
    let top = NONE;
    for (let at = group * this.nBlocks + bigBlock * nBlocksIn; at < end; at++) {
      if (this.tops[at]! > top) top = this.tops[at]!;
    }
    return top;
  }

  #addGroup(): void {
    const group = this.nGroups++;
    if (group < this.counts.length) return;
    const nMax = this.counts.length * 2;
    this.counts = enlarged(this.counts, new Int32Array(nMax));
    this.#someMember = enlarged(this.#someMember, new Int32Array(nMax));
    this.tops = enlarged(this.tops, new Int32Array(nMax * this.nBlocks).fill(NONE));
    this.blockCounts = enlarged(this.blockCounts, new Uint8Array(nMax * this.nBlocks));
    this.bigTops = enlarged(this.bigTops, new Int32Array(nMax * this.nBigBlocks).fill(NONE));
  }
}

function enlarged<A extends Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
