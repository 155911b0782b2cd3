/** A YAML or JSON text as plain data that remembers where each value stands. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from '../base/errors.ts';

/** Where something stands in a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LocatedData {
  readonly data: unknown;
  /** The place of the value at a path (of its key, if it has one), or of its nearest parent that exists. */
  place(path: readonly PropertyKey[]): Place;
}

/** The data of a text, or what is wrong with its form. */
export function readLocated(text: string, file: string): LocatedData & { readonly problems: Problem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  const at = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = document.errors.map(({ code, message, pos }) => ({
    ...at(pos[0]),
    message: messageOf(code, message, text.slice(pos[0])),
  }));
  const place = (path: readonly PropertyKey[]) => at(offsetOf(document, path));
  if (problems.length > 0) return { data: undefined, problems, place };
  try {
    return { data: document.toJS(), problems, place };
  } catch (error) {
    // Aliases without an anchor, or so many that they stand for gigabytes.
    return { data: undefined, problems: [{ ...at(0), message: (error as Error).message }], place };
  }
}

function messageOf(code: string, message: string, rest: string): string {
  if (code === 'DUPLICATE_KEY') return `the key ${/^[^\s:]+/.exec(rest)?.[0] ?? ''} is given twice`;
  if (code === 'MULTIPLE_DOCS') return 'a scenario is one document: nothing may follow after ---';
  return message;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && Number(part) < node.items.length) {
      node = node.items[Number(part)];
      offset = (node as Node | null)?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
