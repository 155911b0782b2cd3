/**
 * Feasible nodes with their local scores, by group of nodes that all else treats alike, over the positions of the
 * walk: a tree with two levels of blocks per group answers where the highest local scores are, and how many there are.
 * Scores are kept as codes, of one byte as long as the highest and the lowest are not too far from each other.
 */
import { BLOCK, BLOCK_LOG2, type CodeCells, CodeTiles, copySlot, ownCells, topOfRow } from './code-cells.ts';
import type { NodeCopies } from './node-copies.ts';
import type { Positions } from './positions.ts';
import {
  CODE_MAX_OF_BYTE,
  type CodeColumn,
  codeColumn,
  codesFor,
  INFEASIBLE,
  NO_CODE,
  recoded,
} from './score-column.ts';

/** Positions in a big block. */
export const BIG_BLOCK_LOG2 = 2 * BLOCK_LOG2;
const BIG_BLOCK = 2 ** BIG_BLOCK_LOG2;

/** Stands for `groupOf` as long as there is one group. */
let zeros = new Uint16Array(0);

export class GroupTree {
  size: number;
  nBlocks!: number;
  nBigBlocks!: number;
  /** The local scores' codes, NO_CODE where the node is in no group, and the highest of each block. */
  cells!: CodeCells;
  groupOf!: Uint16Array;
  /** Groups that ever were; some may be empty. */
  nGroups = 0;
  nFeasible = 0;
  /** Feasible nodes by group. */
  counts = new Int32Array(1);
  /** Feasible nodes by group and block. */
  blockCounts!: Uint8Array;
  /** By group and big block: the highest code, and how many feasible nodes. */
  bigTops!: CodeColumn;
  bigCounts!: Uint16Array;
  #slot = 0;
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
    const { groupOf, blockCounts, nBlocks, nGroups } = this;
    const nCodes = nBlocks * (BLOCK + Math.max(1, nGroups));
    const nBytes = nCodes * this.cells.codes.BYTES_PER_ELEMENT + blockCounts.byteLength;
    return nGroups > 1 ? nBytes + groupOf.byteLength : nBytes;
  }

  /** Whether its codes lie beside those of other trees. */
  get isInTiles(): boolean {
    return this.cells instanceof CodeTiles;
  }

  /** What a position of the block must be moved by to be that of its code in the cells; for rows of tops likewise. */
  shiftOf(row: number): number {
    return (row * (this.cells.nSlots - 1) + this.#slot) * BLOCK;
  }

  codeAt(position: number): number {
    return this.cells.codes[position + this.shiftOf(position >> BLOCK_LOG2)]!;
  }

  /** Where the highest code of a group's block stands in the cells. */
  topAt(group: number, block: number): number {
    const row = group * this.nBigBlocks + (block >> BLOCK_LOG2);
    return (row << BLOCK_LOG2) + (block & (BLOCK - 1)) + this.shiftOf(row);
  }

  topOf(group: number, block: number): number {
    return this.cells.tops[this.topAt(group, block)]!;
  }

  /** The score of a code. */
  scoreOf(code: number): number {
    return code === NO_CODE ? INFEASIBLE : code + this.#base;
  }

  /** Reads what `place` is going to look at: these reads wait for the memory all at once, its own one after the other. */
  readAhead({ rows, ahead }: NodeCopies, from: number, to: number, ofRow: Int32Array): void {
    for (let i = from; i < to; i++) {
      const position = ofRow[rows[i]!]!;
      ahead[i] = this.codeAt(position) + this.topOf(0, position >> BLOCK_LOG2);
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
    this.leaveTiles();
    const { groupOf } = this;
    const { codes } = this.cells;
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

  /** Lays the codes beside those of other trees; false if there are several groups, or codes are too long. */
  moveInto(tiles: CodeTiles): boolean {
    if (this.#codeMax !== CODE_MAX_OF_BYTE || this.nGroups > 1) return false;
    const slot = tiles.take();
    copySlot(this.cells, this.#slot, tiles, slot);
    this.cells = tiles;
    this.#slot = slot;
    return true;
  }

  /** Keeps the codes by itself. */
  leaveTiles(): void {
    if (!(this.cells instanceof CodeTiles)) return;
    const own = ownCells(this.nBlocks, this.counts.length * this.nBigBlocks, this.#codeMax);
    copySlot(this.cells, this.#slot, own, 0);
    this.cells.giveBack(this.#slot);
    this.cells = own;
    this.#slot = 0;
  }

  /** A feasible node of a group that has some. */
  memberOf(group: number): number {
    const known = this.#someMember[group]!;
    if (known < this.size && this.codeAt(known) !== NO_CODE && this.groupOf[known] === group) return known;
    let block = 0;
    while (this.blockCounts[group * this.nBlocks + block] === 0) block++;
    let position = block << BLOCK_LOG2;
    while (this.codeAt(position) === NO_CODE || this.groupOf[position] !== group) position++;
    this.#someMember[group] = position;
    return position;
  }

  #put(position: number, code: number, group: number): void {
    const { codes } = this.cells;
    const at = position + this.shiftOf(position >> BLOCK_LOG2);
    const old = codes[at]!;
    const oldGroup = this.nGroups > 1 ? this.groupOf[position]! : 0;
    if (old === code && (old === NO_CODE || oldGroup === group)) return;
    if (old !== NO_CODE && (code === NO_CODE || oldGroup !== group)) {
      codes[at] = NO_CODE;
      this.#count(position, oldGroup, -1);
      this.#lower(position, oldGroup, old);
    }
    if (code === NO_CODE) return;
    if (old === NO_CODE || oldGroup !== group) {
      if (group >= this.nGroups) {
        while (group >= this.nGroups) this.#addGroup();
        this.#put(position, code, group);
        return;
      }
      codes[at] = code;
      if (this.nGroups > 1) this.groupOf[position] = group;
      this.#someMember[group] = position;
      this.#count(position, group, 1);
      this.#raise(position, group, code);
      return;
    }
    codes[at] = code;
    if (code > old) this.#raise(position, group, code);
    else this.#lower(position, group, old);
  }

  #count(position: number, group: number, sign: 1 | -1): void {
    this.nFeasible += sign;
    this.counts[group]! += sign;
    this.blockCounts[group * this.nBlocks + (position >> BLOCK_LOG2)]! += sign;
    this.bigCounts[group * this.nBigBlocks + (position >> BIG_BLOCK_LOG2)]! += sign;
  }

  #raise(position: number, group: number, code: number): void {
    const { tops } = this.cells;
    const at = this.topAt(group, position >> BLOCK_LOG2);
    if (code <= tops[at]!) return;
    tops[at] = code;
    const bigBlock = group * this.nBigBlocks + (position >> BIG_BLOCK_LOG2);
    if (code > this.bigTops[bigBlock]!) this.bigTops[bigBlock] = code;
  }

  /** A node of the group no longer has `old`. */
  #lower(position: number, group: number, old: number): void {
    const block = position >> BLOCK_LOG2;
    const { tops } = this.cells;
    const at = this.topAt(group, block);
    if (old < tops[at]!) return;
    const top = this.#topOfBlock(block, group);
    tops[at] = top;
    if (top === old) return;
    const bigBlock = position >> BIG_BLOCK_LOG2;
    const bigAt = group * this.nBigBlocks + bigBlock;
    if (old === this.bigTops[bigAt]) this.bigTops[bigAt] = topOfRow(tops, this.topAt(group, block & -BLOCK));
  }

  #topOfBlock(block: number, group: number): number {
    const { groupOf } = this;
    const { codes } = this.cells;
    const start = block << BLOCK_LOG2;
    const shift = this.shiftOf(block);
    if (this.nGroups === 1) return topOfRow(codes, start + shift);
    let top = NO_CODE;
    for (let i = start; i < start + BLOCK; i++) {
      if (codes[i + shift]! > top && groupOf[i] === group) top = codes[i + shift]!;
    }
    return top;
  }

  #makeColumns(): void {
    const { size } = this;
    const nMax = this.counts.length;
    this.nBlocks = Math.ceil(size / BLOCK);
    this.nBigBlocks = Math.ceil(size / BIG_BLOCK);
    this.cells = ownCells(this.nBlocks, nMax * this.nBigBlocks, this.#codeMax);
    this.groupOf = this.nGroups > 1 ? new Uint16Array(size) : zerosOf(size);
    this.blockCounts = new Uint8Array(nMax * this.nBlocks);
    this.bigTops = codeColumn(nMax * this.nBigBlocks, this.#codeMax);
    this.bigCounts = new Uint16Array(nMax * this.nBigBlocks);
  }

  /** Changes the codes so that there is one for a score beside those there are. */
  #recode(score: number): void {
    let min = score;
    let max = score;
    for (let position = 0; position < this.size; position++) {
      const code = this.codeAt(position);
      if (code === NO_CODE) continue;
      min = Math.min(min, code + this.#base);
      max = Math.max(max, code + this.#base);
    }
    const { base, codeMax } = codesFor(min, max);
    const shift = this.#base - base;
    this.#base = base;
    if (codeMax !== CODE_MAX_OF_BYTE) this.leaveTiles();
    const { cells } = this;
    if (cells instanceof CodeTiles) this.#shiftSlot(cells, shift);
    else {
      cells.codes = recoded(cells.codes, shift, codeMax);
      cells.tops = recoded(cells.tops, shift, codeMax);
    }
    this.#codeMax = codeMax;
    this.bigTops = recoded(this.bigTops, shift, codeMax);
  }

  #shiftSlot({ codes, tops }: CodeTiles, shift: number): void {
    for (let block = 0; block < this.nBlocks; block++) {
      const start = (block << BLOCK_LOG2) + this.shiftOf(block);
      for (let at = start; at < start + BLOCK; at++) if (codes[at] !== NO_CODE) codes[at]! += shift;
      const at = this.topAt(0, block);
      if (tops[at] !== NO_CODE) tops[at]! += shift;
    }
  }

  #addGroup(): void {
    const group = this.nGroups++;
    if (group === 1) {
      this.leaveTiles();
      this.groupOf = new Uint16Array(this.size);
    }
    if (group < this.counts.length) return;
    const nMax = this.counts.length * 2;
    const { cells } = this;
    this.counts = enlarged(this.counts, new Int32Array(nMax));
    this.#someMember = enlarged(this.#someMember, new Int32Array(nMax));
    cells.tops = enlarged(cells.tops, codeColumn(nMax * this.nBigBlocks * BLOCK, this.#codeMax));
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
