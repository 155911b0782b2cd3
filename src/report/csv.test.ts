import { stringify } from 'csv-stringify/browser/esm/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, csvWriter } from './csv.ts';
import { type Cell, cellsOf, column, headerOf, rounded, seconds, type Table } from './table.ts';

type Row = readonly Cell[];

const table: Table<Row> = {
  file: 'x.csv',
  description: '',
  columns: ['a', 'b "quoted"', 'c'].map((name, i) => column(name, '', '', (row: Row) => row[i])),
};

function written(rows: readonly Row[]): string {
  const pieces: Buffer[] = [];
  const writer = csvWriter(table, (piece) => pieces.push(Buffer.from(piece)));
  for (const row of rows) writer.row(row);
  writer.flush();
  return Buffer.concat(pieces).toString();
}

const awkward = fc.array(fc.constantFrom('"', ',', '\n', '\r', '\t', ' ', ';', '=', 'é', 'x', '0'), {
  maxLength: 6,
});
const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constantFrom(undefined, null),
  fc.string(),
  awkward.map((parts) => parts.join('')),
  fc.integer(),
  fc.nat(2 ** 50).map((us) => us / 1e6),
  fc.nat(2 ** 20).map((us) => us / 1e6),
  fc.constantFrom(
    -0,
    1e15,
    1e15 / 1e6,
    999_999_999.999999,
    0.1 + 0.2,
    1e21,
    1e-7,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => rounded(value)),
);

describe('CSV', () => {
  it('row by row has the same bytes as csv-stringify makes of the whole', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell)), (rows) => {
        const expected = stringify([headerOf(table), ...rows.map((row) => cellsOf(table, row))]);
        expect(written(rows)).toBe(Buffer.from(expected).toString());
        expect(csvText(table, rows)).toBe(expected);
      }),
    );
  });

  it('hands on large tables in pieces, the header first, nothing twice', () => {
    const pieces: string[] = [];
    const writer = csvWriter(table, (piece) => pieces.push(Buffer.from(piece).toString()));
    for (let i = 0; i < 20_000; i++) writer.row([i, 'some text', undefined]);
    expect(pieces.length).toBeGreaterThan(3);
    writer.flush();
    writer.flush();
    const lines = pieces.join('').split('\n');
    expect(lines[0]).toBe('a,"b ""quoted""",c');
    expect(lines.length).toBe(20_002);
    expect(lines[12_346]).toBe('12345,some text,');
  });

  it('of no rows is the header', () => {
    expect(written([])).toBe('a,"b ""quoted""",c\n');
  });
});

describe('numbers in tables', () => {
  it.each([
    [0, '0'],
    [1, '0.000001'],
    [1_234_567, '1.234567'],
    [86_400_000_000, '86400'],
    [31_536_000_000_001, '31536000.000001'],
  ])('%d µs are %s s', (us, text) => {
    expect(String(seconds(us))).toBe(text);
  });

  it('have at most six decimals and no exponent, however large', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), (value) => {
        expect(String(rounded(value))).toMatch(/^-?\d+(\.\d{1,6})?$/);
        const tolerance = Math.max(0.51e-6, Math.abs(value) * 1e-9);
        expect(Math.abs(rounded(value)! - value)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, null, undefined])('%s is an empty field', (value) => {
    expect(rounded(value)).toBeUndefined();
  });
});
