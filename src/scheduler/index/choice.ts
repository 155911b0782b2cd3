/**
 * Chooses among the feasible nodes of a window of the walk: the highest total, which is a node's local score and its
 * group's offset, and of the nodes that share it the one that the tie-break puts first by their ranks among the
 * window's feasible nodes.
 *
 * The heap's order is pre-order: among ranks of one level of the heap the leftmost comes first, so that one candidate
 * a level is enough; below a level's leftmost tied rank only ranks left of its subtree can still precede it.
 */
import { heapPrecedes } from '../framework/tie-break.ts';
import { BLOCK, BLOCK_LOG2 } from './code-cells.ts';
import { BIG_BLOCK_LOG2, type GroupTree } from './group-tree.ts';
import { NO_CODE } from './score-column.ts';

/** The group is infeasible as a whole. */
export const CLOSED = -1;
const BIG_BLOCK = 2 ** BIG_BLOCK_LOG2;

export type TieRule = 'heap' | 'first';

/** Of the heap's levels that begin at ranks 0, 1, 3, 7 …, the one after that of `rank`. */
function nextLevel(rank: number): number {
  return (1 << (32 - Math.clz32(rank + 1))) - 1;
}

function isLeftmost(rank: number): boolean {
  return ((rank + 1) & rank) === 0;
}

export class Choice {
  /** By group: CLOSED or what its nodes have on top of their local scores. */
  offsets = new Int32Array(4);
  readonly #rule: TieRule;
  #tree!: GroupTree;
  #start = 0;
  /** Feasible nodes, those outside the window included. */
  #nFeasible = 0;
  /** Feasible nodes before each big block; made when first asked for. */
  #before = new Int32Array(0);
  #hasBefore = false;

  constructor(rule: TieRule) {
    this.#rule = rule;
  }

  /** Begins with a tree and the offsets' signs: which groups are closed. `start` is where the walk starts. */
  begin(tree: GroupTree, start: number, nFeasible: number): void {
    this.#tree = tree;
    this.#start = start;
    this.#nFeasible = nFeasible;
    this.#hasBefore = false;
  }

  /** Makes room for the groups of a tree. */
  reserve(nGroups: number): void {
    if (this.offsets.length < nGroups) this.offsets = new Int32Array(nGroups * 2);
  }

  /** How far from the start the feasible node is that has so many before it. */
  distanceOf(rank: number): number {
    const { size } = this.#tree;
    if (this.#nFeasible === size) return rank;
    const fromZero = (this.#nBefore(this.#start) + rank) % this.#nFeasible;
    return (this.#select(fromZero) - this.#start + size) % size;
  }

  /** How many feasible nodes of each group lie within `length` positions from the start. */
  countGroups(length: number, counts: Int32Array): void {
    const { size } = this.#tree;
    const end = this.#start + length;
    this.#countIn(this.#start, Math.min(end, size), counts);
    if (end > size) this.#countIn(0, end - size, counts);
  }

  /** The chosen position among the nodes within `length` from the start, `nInWindow` of them feasible. */
  choose(length: number, nInWindow: number): number {
    const best = this.#highestTotal(length);
    let distance = this.#nextTied(0, length, best);
    let rank = this.#rankOf(distance);
    let chosen = distance;
    let chosenRank = rank;
    while (this.#rule === 'heap' && !isLeftmost(chosenRank)) {
      const level = nextLevel(rank);
      if (level >= nInWindow) break;
      distance = this.#nextTied(this.distanceOf(level), length, best);
      if (distance === -1) break;
      rank = this.#rankOf(distance);
      if (!heapPrecedes(rank, chosenRank)) continue;
      chosen = distance;
      chosenRank = rank;
    }
    return (this.#start + chosen) % this.#tree.size;
  }

  #highestTotal(length: number): number {
    const { nGroups, counts, size } = this.#tree;
    const end = this.#start + length;
    let best = -1;
    for (let group = 0; group < nGroups; group++) {
      const offset = this.offsets[group]!;
      if (offset === CLOSED || counts[group] === 0) continue;
      let top = this.#topIn(group, this.#start, Math.min(end, size));
      if (end > size) top = Math.max(top, this.#topIn(group, 0, end - size));
      if (top !== NO_CODE && top + offset > best) best = top + offset;
    }
    return best;
  }

  #topIn(group: number, from: number, to: number): number {
    const { groupOf, bigTops, nBigBlocks, size } = this.#tree;
    const { codes } = this.#tree.cells;
    let top = NO_CODE;
    for (let at = from; at < to; ) {
      let stop = at + BIG_BLOCK;
      if ((at & (BIG_BLOCK - 1)) === 0 && (stop <= to || to === size)) {
        top = Math.max(top, bigTops[group * nBigBlocks + (at >> BIG_BLOCK_LOG2)]!);
        at = stop;
        continue;
      }
      stop = at + BLOCK;
      if ((at & (BLOCK - 1)) === 0 && (stop <= to || to === size)) {
        top = Math.max(top, this.#tree.topOf(group, at >> BLOCK_LOG2));
        at = stop;
        continue;
      }
      stop = Math.min((at | (BLOCK - 1)) + 1, to);
      const shift = this.#tree.shiftOf(at >> BLOCK_LOG2);
      for (; at < stop; at++) if (codes[at + shift]! > top && groupOf[at] === group) top = codes[at + shift]!;
    }
    return top;
  }

  /** The distance of the first node with the total at or after a distance, -1 if there is none in the window. */
  #nextTied(from: number, length: number, total: number): number {
    const { size } = this.#tree;
    const end = this.#start + length;
    const begin = this.#start + from;
    let position = begin < size ? this.#nextTiedIn(begin, Math.min(end, size), total) : -1;
    if (position !== -1) return position - this.#start;
    if (end <= size) return -1;
    position = this.#nextTiedIn(Math.max(0, begin - size), end - size, total);
    return position === -1 ? -1 : position + size - this.#start;
  }

  #nextTiedIn(from: number, to: number, total: number): number {
    if (this.#tree.nGroups === 1) return this.#nextCodeIn(from, to, total - this.offsets[0]!);
    const { groupOf } = this.#tree;
    const { codes } = this.#tree.cells;
    const { offsets } = this;
    for (let at = from; at < to; ) {
      if ((at & (BIG_BLOCK - 1)) === 0 && !this.#bigBlockReaches(at >> BIG_BLOCK_LOG2, total)) {
        at += BIG_BLOCK;
        continue;
      }
      if ((at & (BLOCK - 1)) === 0 && !this.#blockReaches(at >> BLOCK_LOG2, total)) {
        at += BLOCK;
        continue;
      }
      const stop = Math.min((at | (BLOCK - 1)) + 1, to);
      const shift = this.#tree.shiftOf(at >> BLOCK_LOG2);
      for (; at < stop; at++) {
        const code = codes[at + shift]!;
        if (code === NO_CODE) continue;
        const offset = offsets[groupOf[at]!]!;
        if (offset !== CLOSED && code + offset === total) return at;
      }
    }
    return -1;
  }

  /** The same where there is one group. */
  #nextCodeIn(from: number, to: number, code: number): number {
    const { bigTops } = this.#tree;
    const { codes } = this.#tree.cells;
    for (let at = from; at < to; ) {
      if ((at & (BIG_BLOCK - 1)) === 0 && bigTops[at >> BIG_BLOCK_LOG2]! < code) {
        at += BIG_BLOCK;
        continue;
      }
      if ((at & (BLOCK - 1)) === 0 && this.#tree.topOf(0, at >> BLOCK_LOG2) < code) {
        at += BLOCK;
        continue;
      }
      const stop = Math.min((at | (BLOCK - 1)) + 1, to);
      const shift = this.#tree.shiftOf(at >> BLOCK_LOG2);
      for (; at < stop; at++) if (codes[at + shift] === code) return at;
    }
    return -1;
  }

  /** Whether some open group's highest score in a block makes the total. */
  #blockReaches(block: number, total: number): boolean {
    const tree = this.#tree;
    for (let group = 0; group < tree.nGroups; group++) {
      const offset = this.offsets[group]!;
      if (offset !== CLOSED && tree.topOf(group, block) + offset >= total) return true;
    }
    return false;
  }

  #bigBlockReaches(bigBlock: number, total: number): boolean {
    const { nGroups, nBigBlocks, bigTops } = this.#tree;
    for (let group = 0; group < nGroups; group++) {
      const offset = this.offsets[group]!;
      if (offset !== CLOSED && bigTops[group * nBigBlocks + bigBlock]! + offset >= total) return true;
    }
    return false;
  }

  #countIn(from: number, to: number, counts: Int32Array): void {
    const { groupOf, blockCounts, nBlocks, nGroups, size } = this.#tree;
    const { codes } = this.#tree.cells;
    for (let at = from; at < to; ) {
      if ((at & (BLOCK - 1)) === 0 && (at + BLOCK <= to || to === size)) {
        const block = at >> BLOCK_LOG2;
        for (let group = 0; group < nGroups; group++) counts[group]! += blockCounts[group * nBlocks + block]!;
        at += BLOCK;
        continue;
      }
      const stop = Math.min((at | (BLOCK - 1)) + 1, to);
      const shift = this.#tree.shiftOf(at >> BLOCK_LOG2);
      for (; at < stop; at++) if (codes[at + shift] !== NO_CODE) counts[groupOf[at]!]!++;
    }
  }

  /** Feasible nodes of the window before a distance. */
  #rankOf(distance: number): number {
    const { size } = this.#tree;
    if (this.#nFeasible === size) return distance;
    const position = this.#start + distance;
    const nBeforeStart = this.#nBefore(this.#start);
    return position < size
      ? this.#nBefore(position) - nBeforeStart
      : this.#nFeasible - nBeforeStart + this.#nBefore(position - size);
  }

  /** Feasible nodes at lower positions. */
  #nBefore(position: number): number {
    const bigBlock = position >> BIG_BLOCK_LOG2;
    const block = position >> BLOCK_LOG2;
    let n = this.#bigBlocksBefore()[bigBlock]!;
    for (let at = bigBlock << (BIG_BLOCK_LOG2 - BLOCK_LOG2); at < block; at++) n += this.#nInBlock(at);
    for (let at = block << BLOCK_LOG2; at < position; at++) if (this.#isFeasible(at)) n++;
    return n;
  }

  /** The position of the feasible node with so many at lower positions. */
  #select(n: number): number {
    const before = this.#bigBlocksBefore();
    let bigBlock = this.#tree.nBigBlocks - 1;
    while (before[bigBlock]! > n) bigBlock--;
    let left = n - before[bigBlock]!;
    let block = bigBlock << (BIG_BLOCK_LOG2 - BLOCK_LOG2);
    for (let nIn = this.#nInBlock(block); nIn <= left; nIn = this.#nInBlock(++block)) left -= nIn;
    for (let at = block << BLOCK_LOG2; ; at++) if (this.#isFeasible(at) && left-- === 0) return at;
  }

  #isFeasible(position: number): boolean {
    const tree = this.#tree;
    return tree.codeAt(position) !== NO_CODE && this.offsets[tree.groupOf[position]!] !== CLOSED;
  }

  #nInBlock(block: number): number {
    const { nBlocks, nGroups, blockCounts } = this.#tree;
    let n = 0;
    for (let group = 0; group < nGroups; group++) {
      if (this.offsets[group] !== CLOSED) n += blockCounts[group * nBlocks + block]!;
    }
    return n;
  }

  #bigBlocksBefore(): Int32Array {
    if (this.#hasBefore) return this.#before;
    this.#hasBefore = true;
    const { nBigBlocks, nGroups, bigCounts } = this.#tree;
    if (this.#before.length < nBigBlocks + 1) this.#before = new Int32Array(nBigBlocks + 1);
    const before = this.#before.fill(0);
    for (let group = 0; group < nGroups; group++) {
      if (this.offsets[group] === CLOSED) continue;
      for (let at = 0; at < nBigBlocks; at++) before[at + 1]! += bigCounts[group * nBigBlocks + at]!;
    }
    for (let at = 0; at < nBigBlocks; at++) before[at + 1]! += before[at]!;
    return before;
  }
}
