/**
 * Where trees keep the codes of their nodes: rows of 32 codes, a row for each block of positions, and the highest codes
 * of 32 blocks in a row of their own. A tree alone has its rows one after the other. Trees that are brought up to date
 * together share tiles: a row of one tree beside the same row of the next, so that what a node means to all of them lies
 * on neighbouring pages of memory instead of on one page for each.
 */
import { type CodeColumn, codeColumn } from './score-column.ts';

/** Positions in a block, and blocks in a big block: codes in a row. */
export const BLOCK_LOG2 = 5;
export const BLOCK = 2 ** BLOCK_LOG2;

export interface CodeCells {
  codes: CodeColumn;
  tops: CodeColumn;
  /** Rows side by side: trees that there is room for. */
  nSlots: number;
}

/** For one tree: all lies at its number. */
export function ownCells(nBlocks: number, nTopRows: number, codeMax: number): CodeCells {
  return {
    codes: codeColumn(nBlocks * BLOCK, codeMax),
    tops: codeColumn(nTopRows * BLOCK, codeMax),
    nSlots: 1,
  };
}

const N_SLOTS_MIN = 16;

/** For many trees of one group each, with codes of one byte. */
export class CodeTiles implements CodeCells {
  codes: Uint8Array;
  tops: Uint8Array;
  nSlots = N_SLOTS_MIN;
  #nTaken = 0;
  readonly #free: number[] = [];

  constructor(nBlocks: number, nBigBlocks: number) {
    this.codes = new Uint8Array(nBlocks * N_SLOTS_MIN * BLOCK);
    this.tops = new Uint8Array(nBigBlocks * N_SLOTS_MIN * BLOCK);
  }

  /** A slot; what was in it is left over. */
  take(): number {
    const slot = this.#free.pop() ?? this.#nTaken++;
    if (slot === this.nSlots) this.#widen();
    return slot;
  }

  giveBack(slot: number): void {
    this.#free.push(slot);
  }

  #widen(): void {
    const nBefore = this.nSlots;
    this.nSlots += Math.max(N_SLOTS_MIN, nBefore >> 1);
    this.codes = widened(this.codes, nBefore, this.nSlots);
    this.tops = widened(this.tops, nBefore, this.nSlots);
  }
}

/** The same rows with room for more beside them. */
function widened(from: Uint8Array, nSlots: number, nSlotsWanted: number): Uint8Array {
  const nCodes = nSlots * BLOCK;
  const to = new Uint8Array((from.length / nSlots) * nSlotsWanted);
  for (let row = 0; row * nCodes < from.length; row++) {
    to.set(from.subarray(row * nCodes, (row + 1) * nCodes), row * nSlotsWanted * BLOCK);
  }
  return to;
}

/** Copies a tree of one group from a slot to one of other cells of as many rows. */
export function copySlot(from: CodeCells, fromSlot: number, to: CodeCells, toSlot: number): void {
  copyRows(from.codes, from.nSlots, fromSlot, to.codes, to.nSlots, toSlot);
  copyRows(from.tops, from.nSlots, fromSlot, to.tops, to.nSlots, toSlot);
}

function copyRows(
  from: CodeColumn,
  nFromSlots: number,
  fromSlot: number,
  to: CodeColumn,
  nToSlots: number,
  toSlot: number,
): void {
  const nRows = Math.min(from.length / nFromSlots, to.length / nToSlots) / BLOCK;
  for (let row = 0; row < nRows; row++) {
    const start = (row * nFromSlots + fromSlot) * BLOCK;
    to.set(from.subarray(start, start + BLOCK), (row * nToSlots + toSlot) * BLOCK);
  }
}

/** The highest of a row of codes, without a branch: which of them is higher cannot be foretold. */
export function topOfRow(codes: CodeColumn, start: number): number {
  let a = codes[start]!;
  let b = codes[start + 1]!;
  for (let i = start + 2; i < start + BLOCK; i += 2) {
    const da = a - codes[i]!;
    a -= da & (da >> 31);
    const db = b - codes[i + 1]!;
    b -= db & (db >> 31);
  }
  return Math.max(a, b);
}
