/**
 * Tables as CSV (RFC 4180, lines end with \n). `csvText` writes a whole table by csv-stringify; `csvWriter` writes rows one
 * by one as they come, several times as fast, with the same bytes.
 */
import { stringify } from 'csv-stringify/browser/esm/sync';
import { type Cell, cellsOf, headerOf, type Table } from './table.ts';

export function csvText<R>(table: Table<R>, rows: Iterable<R>): string {
  const records: Cell[][] = [headerOf(table)];
  for (const row of rows) records.push(cellsOf(table, row));
  return stringify(records);
}

/** Text is handed on in pieces of about this many characters. */
const N_CHARS_PER_PIECE = 1 << 16;
const NEEDS_QUOTES = /["\r\n,]/;

export interface CsvWriter<R> {
  row(row: R): void;
  /** Hands on what is left. */
  flush(): void;
}

/** @param write takes pieces of the file in order, the header first */
export function csvWriter<R>(table: Table<R>, write: (text: string) => void): CsvWriter<R> {
  const { columns } = table;
  let text = `${headerOf(table).map(field).join(',')}\n`;
  const flush = () => {
    if (text !== '') write(text);
    text = '';
  };
  const row = (record: R) => {
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) text += ',';
      text += field(columns[i]!.of(record));
    }
    text += '\n';
    if (text.length >= N_CHARS_PER_PIECE) flush();
  };
  return { row, flush };
}

function field(value: Cell): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
