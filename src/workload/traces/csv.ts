// Reads one line of a CSV file and gives its fields by column, checked.

import { RowError, splitCsvLine } from '../../base/csv-line.ts';
import { nearestName } from '../../base/nearest.ts';

/** A column of the file: its name in the header and its position. */
export interface Column {
  readonly name: string;
  readonly index: number;
}

/** Of what a message shows of a header. */
const HEADER_LENGTH_MAX = 200;
/** Those in use. */
const DELIMITERS = [',', ';', '\t', '|'];

const BYTE_ORDER_MARK = /^\uFEFF/;

/** The header line: finds columns by name and splits the rows below it. */
export class Header {
  readonly names: readonly string[];
  readonly #delimiter: string;

  constructor(line: string, delimiter = ',') {
    this.names = splitCsvLine(line.replace(BYTE_ORDER_MARK, ''), delimiter).map((name) => name.trim());
    this.#delimiter = delimiter;
  }

  /** The fields of a row, exactly one for each column. */
  split(line: string): string[] {
    const fields = splitCsvLine(line, this.#delimiter);
    if (fields.length === this.names.length) return fields;
    throw new RowError(`found ${fields.length} fields, expected ${this.names.length} as in the header`);
  }

  /** The column, or an error that says which columns there are. */
  column(name: string): Column {
    const found = this.optional(name);
    if (found) return found;
    const header = this.names.join(', ');
    const names = header.length > HEADER_LENGTH_MAX ? `${header.slice(0, HEADER_LENGTH_MAX)}…` : header;
    throw new RowError(`no column ${JSON.stringify(name)} in the header (${names})${this.#hint(name)}`);
  }

  #hint(name: string): string {
    const near = nearestName(name, this.names);
    if (near !== undefined) return `, did you mean ${JSON.stringify(near)}?`;
    const other = DELIMITERS.find((char) => this.names.length === 1 && this.names[0]!.includes(char));
    return other === undefined ? '' : `: is its delimiter ${JSON.stringify(other)}?`;
  }

  optional(name: string): Column | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : { name, index };
  }
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** One data row; the same object is reused for every row of a file. */
export class Row {
  fields: readonly string[] = [];
  /** 1-based line in the file. */
  line = 0;

  text(column: Column): string {
    const value = this.fields[column.index]?.trim() ?? '';
    if (value === '') throw new RowError(`${column.name}: is empty`);
    return value;
  }

  optionalText(column: Column | undefined): string | undefined {
    const value = column === undefined ? undefined : this.fields[column.index]?.trim();
    return value === '' ? undefined : value;
  }

  /** A finite decimal number that is not negative. */
  number(column: Column): number {
    const text = this.text(column);
    const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(value) && value >= 0) return value;
    throw new RowError(`${column.name}: found ${JSON.stringify(text)}, expected a number of at least 0`);
  }

  /** A whole number that is not negative. */
  integer(column: Column): number {
    const value = this.number(column);
    if (Number.isSafeInteger(value)) return value;
    throw new RowError(`${column.name}: found ${JSON.stringify(this.text(column))}, expected a whole number`);
  }
}
