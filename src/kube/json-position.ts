// Where a value stands in a JSON text. The text is known to be valid; nothing is built, so that the places
// of a file of many megabytes cost little more than one pass, and only when a problem is reported.

export type Path = readonly (string | number)[];

const SPACE = /\s*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /"(?:[^"\\]|\\.)*"|[^\s,\]}]+/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function skipSpace(text: string, at: number): number {
  return match(SPACE, text, at);
}

/** Offset just behind the value that starts at `at`, or the text's length if it never ends. */
export function endOfValue(text: string, at: number): number {
  let depth = 0;
  let position = skipSpace(text, at);
  while (position < text.length) {
    const char = text[position]!;
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === '"') position = match(STRING, text, position) - 1;
    else if (depth === 0) position = match(SCALAR, text, position) - 1;
    position++;
    if (depth <= 0) return position;
  }
  return position;
}

/** An entry of a mapping or list: where it begins (at its key, if it has one) and where its value begins. */
interface Entry {
  readonly entry: number;
  readonly value: number;
}

/** Every entry of the mapping or list at `container`; lists are keyed by index. */
function entriesAt(text: string, container: number): Map<string | number, Entry> {
  const entries = new Map<string | number, Entry>();
  const close = text[container] === '{' ? '}' : ']';
  let position = skipSpace(text, container + 1);
  for (let index = 0; position < text.length && text[position] !== close; index++) {
    const entry = position;
    let key: string | number = index;
    if (close === '}') {
      const end = match(STRING, text, position);
      key = JSON.parse(text.slice(position, end)) as string;
      position = skipSpace(text, skipSpace(text, end) + 1);
    }
    entries.set(key, { entry, value: position });
    position = skipSpace(text, endOfValue(text, position));
    if (text[position] === ',') position = skipSpace(text, position + 1);
  }
  return entries;
}

/** Finds places in one text. What it has looked through it remembers: a big list may have a problem in every item. */
export class JsonPositions {
  readonly #text: string;
  readonly #known = new Map<number, Map<string | number, Entry>>();
  #lineStarts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column of the deepest entry of `path` that exists, below the value at `start`. */
  locate(start: number, path: Path): { line: number; column: number } {
    let found = skipSpace(this.#text, start);
    let value = found;
    for (const part of path) {
      const next = this.#entries(value)?.get(part);
      if (!next) break;
      found = next.entry;
      value = next.value;
    }
    return this.#lineAndColumn(found);
  }

  #entries(container: number): Map<string | number, Entry> | undefined {
    if (this.#text[container] !== '{' && this.#text[container] !== '[') return undefined;
    let entries = this.#known.get(container);
    if (!entries) {
      entries = entriesAt(this.#text, container);
      this.#known.set(container, entries);
    }
    return entries;
  }

  #lineAndColumn(offset: number): { line: number; column: number } {
    if (!this.#lineStarts) {
      this.#lineStarts = [0];
      for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1)) {
        this.#lineStarts.push(at + 1);
      }
    }
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#lineStarts[low]! + 1 };
  }
}
