/**
 * Feasible nodes with their local scores, by group of nodes that all else treats alike, over the positions of the
 * walk: a tree with two levels of blocks per group answers where the highest local scores are, and how many there are.
 * Scores are kept as codes, of one byte as long as the highest and the lowest are not too far from each other.
 */
import type { NodeCopies } from './node-copies.ts';
import type { Positions } from './positions.ts';
import { type CodeColumn, codeColumn, codesFor, INFEASIBLE, NO_CODE, recoded } from './score-column.ts';

/** Positions in a block, and in a big block. */
export const BLOCK_LOG2 = 5;
export const BIG_BLOCK_LOG2 = 10;
const BLOCK = 2 ** BLOCK_LOG2;
const BIG_BLOCK = 2 ** BIG_BLOCK_LOG2;

/** Stands for `groupOf` as long as there is one group. */
let zeros = new Uint16Array(0);

export class GroupTree {
  size: number;
  nBlocks!: number;
  nBigBlocks!: number;
  /** The local score's code by position, NO_CODE where the node is in no group. */
  codes!: CodeColumn;
  groupOf!: Uint16Array;
  /** Groups that ever were; some may be empty. */
  nGroups = 0;
  nFeasible = 0;
  /** Feasible nodes by group. */
  counts = new Int32Array(1);
  /** By group and block: the highest code, and how many feasible nodes. */
  tops!: CodeColumn;
  blockCounts!: Uint8Array;
  /** The same by group and big block. */
  bigTops!: CodeColumn;
  bigCounts!: Uint16Array;
  /** A code is the score less the base. */
  #base = 0;
  #codeMax = NO_CODE;
  /** By group: a node that was once a member. */
  #someMember = new Int32Array(1);

  constructor(size: number) {
    this.size = size;
    this.#makeColumns();
  }

  get nBytes(): number {
    const { codes, groupOf, tops, blockCounts } = this;
    const nBytes = codes.byteLength + tops.byteLength + blockCounts.byteLength;
    return this.nGroups > 1 ? nBytes + groupOf.byteLength : nBytes;
  }

  /** The score of a code. */
  scoreOf(code: number): number {
    return code === NO_CODE ? INFEASIBLE : code + this.#base;
  }

  /** Reads what `place` is going to look at: these reads wait for the memory all at once, its own one after the other. */
  readAhead({ rows, ahead }: NodeCopies, from: number, to: number, ofRow: Int32Array): void {
    const { codes, tops } = this;
    for (let i = from; i < to; i++) {
      const position = ofRow[rows[i]!]!;
      ahead[i] = codes[position]! + tops[position >> BLOCK_LOG2]!;
    }
  }

  /** Sets what a node has; `group` does not matter if it is INFEASIBLE. */
  place(position: number, score: number, group: number): void {
    if (score === INFEASIBLE) this.#put(position, NO_CODE, group);
    else {
      if (score <= this.#base || score > this.#base + this.#codeMax) this.#recode(score);
      this.#put(position, score - this.#base, group);
    }
  }

  /** Every node that is still there takes along what it has to its new position. */
  reseat(before: Positions, now: Positions): void {
    const { codes, groupOf } = this;
    this.size = now.size;
    this.nFeasible = 0;
    this.counts.fill(0);
    this.#makeColumns();
    for (let position = 0; position < now.size; position++) {
      const row = now.rows[position]!;
      if (!before.has(row)) continue;
      const old = before.ofRow[row]!;
      this.#put(position, codes[old]!, groupOf[old]!);
    }
  }

  /** A feasible node of a group that has some. */
  memberOf(group: number): number {
    const known = this.#someMember[group]!;
    if (known < this.size && this.codes[known] !== NO_CODE && this.groupOf[known] === group) return known;
    let block = 0;
    while (this.blockCounts[group * this.nBlocks + block] === 0) block++;
    let position = block << BLOCK_LOG2;
    while (this.codes[position] === NO_CODE || this.groupOf[position] !== group) position++;
    this.#someMember[group] = position;
    return position;
  }

  #put(position: number, code: number, group: number): void {
    const old = this.codes[position]!;
    const oldGroup = this.nGroups > 1 ? this.groupOf[position]! : 0;
    if (old === code && (old === NO_CODE || oldGroup === group)) return;
    if (old !== NO_CODE && (code === NO_CODE || oldGroup !== group)) {
      this.codes[position] = NO_CODE;
      this.#count(position, oldGroup, -1);
      this.#lower(position, oldGroup, old);
    }
    if (code === NO_CODE) return;
    this.codes[position] = code;
    if (old === NO_CODE || oldGroup !== group) {
      while (group >= this.nGroups) this.#addGroup();
      if (this.nGroups > 1) this.groupOf[position] = group;
      this.#someMember[group] = position;
      this.#count(position, group, 1);
      this.#raise(position, group, code);
    } else if (code > old) this.#raise(position, group, code);
    else this.#lower(position, group, old);
  }

  #count(position: number, group: number, sign: 1 | -1): void {
    this.nFeasible += sign;
    this.counts[group]! += sign;
    this.blockCounts[group * this.nBlocks + (position >> BLOCK_LOG2)]! += sign;
    this.bigCounts[group * this.nBigBlocks + (position >> BIG_BLOCK_LOG2)]! += sign;
  }

  #raise(position: number, group: number, code: number): void {
    const block = group * this.nBlocks + (position >> BLOCK_LOG2);
    if (code <= this.tops[block]!) return;
    this.tops[block] = code;
    const bigBlock = group * this.nBigBlocks + (position >> BIG_BLOCK_LOG2);
    if (code > this.bigTops[bigBlock]!) this.bigTops[bigBlock] = code;
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
    const { codes, groupOf } = this;
    const start = block << BLOCK_LOG2;
    const end = Math.min(start + BLOCK, this.size);
    let top = NO_CODE;
    if (this.nGroups === 1) for (let i = start; i < end; i++) top = Math.max(top, codes[i]!);
    else for (let i = start; i < end; i++) if (codes[i]! > top && groupOf[i] === group) top = codes[i]!;
    return top;
  }

  #topOfBigBlock(bigBlock: number, group: number): number {
    const nBlocksIn = 1 << (BIG_BLOCK_LOG2 - BLOCK_LOG2);
    const end = group * this.nBlocks + Math.min((bigBlock + 1) * nBlocksIn, this.nBlocks);
    let top = NO_CODE;
    for (let at = group * this.nBlocks + bigBlock * nBlocksIn; at < end; at++) {
      if (this.tops[at]! > top) top = this.tops[at]!;
    }
    return top;
  }

  #makeColumns(): void {
    const { size } = this;
    const nMax = this.counts.length;
    this.nBlocks = Math.ceil(size / BLOCK);
    this.nBigBlocks = Math.ceil(size / BIG_BLOCK);
    this.codes = codeColumn(size, this.#codeMax);
    this.groupOf = this.nGroups > 1 ? new Uint16Array(size) : zerosOf(size);
    this.tops = codeColumn(nMax * this.nBlocks, this.#codeMax);
    this.blockCounts = new Uint8Array(nMax * this.nBlocks);
    this.bigTops = codeColumn(nMax * this.nBigBlocks, this.#codeMax);
    this.bigCounts = new Uint16Array(nMax * this.nBigBlocks);
  }

  /** Changes the codes so that there is one for a score beside those there are. */
  #recode(score: number): void {
    let min = score;
    let max = score;
    for (const code of this.codes) {
      if (code === NO_CODE) continue;
      min = Math.min(min, code + this.#base);
      max = Math.max(max, code + this.#base);
    }
    const { base, codeMax } = codesFor(min, max);
    const shift = this.#base - base;
    this.#base = base;
    this.#codeMax = codeMax;
    this.codes = recoded(this.codes, shift, codeMax);
    this.tops = recoded(this.tops, shift, codeMax);
    this.bigTops = recoded(this.bigTops, shift, codeMax);
  }

  #addGroup(): void {
    const group = this.nGroups++;
    if (group === 1) this.groupOf = new Uint16Array(this.size);
    if (group < this.counts.length) return;
    const nMax = this.counts.length * 2;
    this.counts = enlarged(this.counts, new Int32Array(nMax));
    this.#someMember = enlarged(this.#someMember, new Int32Array(nMax));
    this.tops = enlarged(this.tops, codeColumn(nMax * this.nBlocks, this.#codeMax));
    this.blockCounts = enlarged(this.blockCounts, new Uint8Array(nMax * this.nBlocks));
    this.bigTops = enlarged(this.bigTops, codeColumn(nMax * this.nBigBlocks, this.#codeMax));
    this.bigCounts = enlarged(this.bigCounts, new Uint16Array(nMax * this.nBigBlocks));
  }
}

function enlarged<A extends CodeColumn>(from: A, to: A): A {
  to.set(from);
  return to;
}

function zerosOf(size: number): Uint16Array {
  if (zeros.length < size) zeros = new Uint16Array(size);
  return zeros;
}
