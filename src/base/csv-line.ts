// One line of CSV (RFC 4180). Deviates: a quoted field may not contain a line break, since files are read a line at a time.

/** Why a row (or the header) cannot be used; the reader adds file and line. */
export class RowError extends Error {}

/** Splits a line into fields. A quote opens a quoted field only at the field's first character. */
export function splitCsvLine(line: string, delimiter = ','): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let start = 0;
  for (;;) {
    const end = line[start] === '"' ? closingQuote(line, start) + 1 : indexOrEnd(line, delimiter, start);
    const raw = line.slice(start, end);
    fields.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end >= line.length) return fields;
    if (!line.startsWith(delimiter, end)) {
      throw new RowError(`found ${JSON.stringify(line[end])} after a closing quote, expected the delimiter`);
    }
    start = end + delimiter.length;
  }
}

function closingQuote(line: string, start: number): number {
  for (let i = start + 1; i < line.length; i++) {
    if (line[i] !== '"') continue;
    if (line[i + 1] !== '"') return i;
    i++;
  }
  throw new RowError('a quoted field is not closed on its line');
}

function indexOrEnd(line: string, delimiter: string, start: number): number {
  const index = line.indexOf(delimiter, start);
  return index < 0 ? line.length : index;
}
