/** A YAML or JSON text as plain data that remembers where each value stands. */
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from '../base/errors.ts';

export interface LocatedData {
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Where the value at a path stands, or its nearest existing parent. */
  locate(path: readonly PropertyKey[]): { line: number; column: number };
}

export function readLocated(text: string, file: string): LocatedData {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = document.errors.map(({ message, pos }) => ({ file, ...at(pos[0]), message }));
  return {
    data: problems.length > 0 ? undefined : document.toJS(),
    problems,
    locate: (path) => at(offsetOf(document.contents, path)),
  };
}

function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String((key as { value?: unknown }).value) === String(part));
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
