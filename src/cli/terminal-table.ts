// Tables for people to read in a terminal: no frames, first column left, the rest right.

import Table from 'cli-table3';

const NO_FRAME = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** `nLeft`: how many columns are texts. */
export function terminalTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  nLeft = 1,
): string[] {
  const table = new Table({
    head: [...head],
    chars: NO_FRAME,
    colAligns: head.map((_, i) => (i < nLeft ? 'left' : 'right')),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
