// One line of CSV (RFC 4180) without line breaks inside quotes, which a catalogue has no use for.

/** The cells of a line: quoted cells lose their quotes, a doubled quote inside is one. */
export function splitCsvLine(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
  // A leading comma is an empty first cell, which the pattern would skip.
  for (const [, quoted, plain] of (line.startsWith(',') ? `""${line}` : line).matchAll(pattern)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
  }
  return cells;
}
