/** What a result table is: a file and its columns, each with its unit and meaning. Tables, docs and tests come from it. */

export type Cell = string | number | null | undefined;

export interface Column<R> {
  readonly name: string;
  /** '' for texts and counts. */
  readonly unit: string;
  readonly description: string;
  /** An absent value is an empty field. */
  readonly of: (row: R) => Cell;
}

export interface Table<R> {
  readonly file: string;
  readonly description: string;
  readonly columns: readonly Column<R>[];
}

export function column<R>(name: string, unit: string, description: string, of: (row: R) => Cell): Column<R> {
  return { name, unit, description, of };
}

/** Microseconds as seconds with at most six decimals. */
export function seconds(us: number | null | undefined): number | undefined {
  return us === undefined || us === null || Number.isNaN(us) ? undefined : us / 1e6;
}

/** A number with at most six decimals; NaN and null are absent. */
export function rounded(value: number | null | undefined): number | undefined {
  if (value === undefined || value === null || !Number.isFinite(value)) return undefined;
  const scaled = Math.round(value * 1e6);
  return Number.isSafeInteger(scaled) ? scaled / 1e6 : Math.round(value);
}

export function headerOf<R>({ columns }: Table<R>): string[] {
  return columns.map(({ name }) => name);
}

export function cellsOf<R>({ columns }: Table<R>, row: R): Cell[] {
  return columns.map(({ of }) => of(row));
}
