/** Columns of scores in as few bytes as will do: once there are many nodes and classes, time goes to reading memory. */

/** Marks a node that is not feasible. */
export const INFEASIBLE = -1;

export type ScoreColumn = Int8Array | Int16Array | Int32Array;

/** All INFEASIBLE. `scoreMax` is the highest score there can be. */
export function scoreColumn(size: number, scoreMax: number): ScoreColumn {
  const column =
    scoreMax < 2 ** 7
      ? new Int8Array(size)
      : scoreMax < 2 ** 15
        ? new Int16Array(size)
        : new Int32Array(size);
  return column.fill(INFEASIBLE);
}

/** A column of codes: 0 = INFEASIBLE, else how far the score is above a base that all nodes share. */
export type CodeColumn = Uint8Array | Uint16Array | Int32Array;

/** The code of INFEASIBLE. */
export const NO_CODE = 0;

/** The highest codes that fit into one and two bytes. */
export const CODE_MAX_OF_BYTE = 2 ** 8 - 1;
const CODE_MAX_OF_TWO = 2 ** 16 - 1;

/** A base and a highest code by which scores from `min` to `max` have codes, with room on both sides where it is free. */
export function codesFor(min: number, max: number): { readonly base: number; readonly codeMax: number } {
  const span = max - min + 1;
  if (span > CODE_MAX_OF_TWO) return { base: -1, codeMax: 2 ** 31 - 1 };
  const codeMax = span > CODE_MAX_OF_BYTE ? CODE_MAX_OF_TWO : CODE_MAX_OF_BYTE;
  return { base: min - 1 - ((codeMax - span) >> 1), codeMax };
}

export function codeColumn(size: number, codeMax: number): CodeColumn {
  if (codeMax > CODE_MAX_OF_TWO) return new Int32Array(size);
  return codeMax > CODE_MAX_OF_BYTE ? new Uint16Array(size) : new Uint8Array(size);
}

/** The codes of `from` against another base, in a column that holds codes up to `codeMax`. */
export function recoded(from: CodeColumn, shift: number, codeMax: number): CodeColumn {
  const to = codeColumn(from.length, codeMax);
  for (let i = 0; i < from.length; i++) to[i] = from[i] === NO_CODE ? NO_CODE : from[i]! + shift;
  return to;
}
