// Where a value stands in a JSON text. The text is known to be valid; nothing is built, so that a position in a file
// of many megabytes costs one pass, and only when a problem is reported.

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

/** Offset of the key of a member, or of an item; undefined where the container has no such entry. */
function findEntry(
  text: string,
  container: number,
  part: string | number,
): { entry: number; value: number } | undefined {
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
    if (key === part) return { entry, value: position };
    position = skipSpace(text, endOfValue(text, position));
    if (text[position] === ',') position = skipSpace(text, position + 1);
  }
  return undefined;
}

/** Offset of the deepest entry of `path` that exists, below the value at `start`. */
export function locateInJson(text: string, start: number, path: Path): number {
  let found = skipSpace(text, start);
  let value = found;
  for (const part of path) {
    if (text[value] !== '{' && text[value] !== '[') break;
    const next = findEntry(text, value, part);
    if (!next) break;
    found = next.entry;
    value = next.value;
  }
  return found;
}
