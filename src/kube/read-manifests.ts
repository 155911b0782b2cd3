// Text of manifests to objects that remember where they stand: YAML streams, JSON, `kubectl get -o yaml|json`
// (lists), `helm template`. Helm's hooks and tests are left out, as `helm template --no-hooks` does.
// Deviations: YAML is read as kubectl does (1.1: `yes` and `on` are booleans, 0644 is octal) but dates stay text and
// 12:30 is no number; a key given twice is a mistake in YAML, while in JSON the last one counts.

import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type Tags,
  visit,
} from 'yaml';
import type { Problem } from '../base/errors.ts';
import { foundText, isRecord } from '../base/values.ts';
import { endOfValue, JsonPositions, type Path } from './json-position.ts';
import type { KubeObject } from './types.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LocatedObject extends Position {
  readonly object: KubeObject;
  readonly file: string;
  /** Where the value at `path` stands; of a path that does not exist, its nearest parent. */
  locate(path: Path): Position;
}

export interface Manifests {
  readonly objects: LocatedObject[];
  readonly problems: Problem[];
  /** Objects left out because they are Helm hooks or tests. */
  readonly nHooks: number;
}

/** A parsed document with a way to find places in it. */
interface Source {
  readonly value: unknown;
  locate(path: Path): Position;
}

interface Reading {
  readonly file: string;
  readonly objects: LocatedObject[];
  readonly problems: Problem[];
  nHooks: number;
}

const UNWANTED_TAGS = new Set(['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:binary']);
const YAML_OPTIONS = {
  version: '1.1' as const,
  prettyErrors: false,
  logLevel: 'error' as const,
  customTags: (tags: Tags): Tags =>
    tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!UNWANTED_TAGS.has(tag.tag) && !('format' in tag && tag.format === 'TIME')),
    ),
};
const TABLE = /\.[ct]sv(\.gz)?$/;
const TEMPLATE_HINT = ' (this looks like a template: render it first, for example with `helm template`)';

/** The deepest node of `path` that exists: the key of a member, else the item itself. */
function locateInYaml(
  root: ParsedNode | null,
  path: Path,
  resolve: (node: Node) => Node | undefined,
): number {
  let offset = root?.range?.[0] ?? 0;
  let node: Node | null | undefined = root;
  for (const part of path) {
    if (isAlias(node)) node = resolve(node);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String((key as { value?: unknown })?.value) === String(part));
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      node = node.items[part] as Node;
      offset = node?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function yamlMessage(code: string, message: string, text: string, offset: number): string {
  if (code === 'DUPLICATE_KEY') return `key ${/^[^\s:]+/.exec(text.slice(offset))?.[0] ?? ''} is given twice`;
  return message + (text.includes('{{') ? TEMPLATE_HINT : '');
}

/** `{{ .Values.name }}` is YAML: a mapping with a mapping as its key. */
function offsetOfStrangeKey(document: Document.Parsed): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key)) return undefined;
      offset = key.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function yamlSources(text: string, reading: Reading): Source[] {
  const counter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents = parseAllDocuments(text, { ...YAML_OPTIONS, lineCounter: counter });
  const sources: Source[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { code, message, pos } of document.errors) {
      reading.problems.push({
        file: reading.file,
        ...at(pos[0]),
        message: yamlMessage(code, message, text, pos[0]),
      });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    const strange = text.includes('{{') ? offsetOfStrangeKey(document) : undefined;
    if (strange !== undefined) {
      const message = yamlMessage('', 'a key must be plain text', text, strange);
      reading.problems.push({ file: reading.file, ...at(strange), message });
      continue;
    }
    const locate = (path: Path) =>
      at(locateInYaml(document.contents, path, (node) => (isAlias(node) ? node.resolve(document) : node)));
    try {
      sources.push({ value: document.toJS(), locate });
    } catch (error) {
      reading.problems.push({ file: reading.file, ...locate([]), message: (error as Error).message });
    }
  }
  return sources;
}

/** One value, or several after each other as `jq` writes them; undefined if the text is not JSON after all. */
function jsonSources(text: string): Source[] | undefined {
  const positions = new JsonPositions(text);
  const source = (value: unknown, start: number): Source => ({
    value,
    locate: (path) => positions.locate(start, path),
  });
  try {
    return [source(JSON.parse(text), 0)];
  } catch {
    // Perhaps a stream of values.
  }
  const sources: Source[] = [];
  try {
    for (let start = 0; start < text.trimEnd().length; ) {
      const end = endOfValue(text, start);
      sources.push(source(JSON.parse(text.slice(start, end)), start));
      start = end;
    }
  } catch {
    return undefined;
  }
  return sources;
}

/** What is wrong with a text that is meant to be JSON; as YAML it would be wrong in many ways. */
function jsonProblem(text: string, file: string): Problem {
  const isCut = endOfValue(text, 0) >= text.length && !/[}\]]\s*$/.test(text);
  const before = text.trimEnd().split('\n');
  if (isCut) {
    const message = 'the JSON text ends in the middle: the file is cut off';
    return { file, line: before.length, column: before.at(-1)!.length + 1, message };
  }
  try {
    JSON.parse(text);
  } catch (error) {
    const offset = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0);
    const lines = text.slice(0, offset).split('\n');
    return {
      file,
      line: lines.length,
      column: lines.at(-1)!.length + 1,
      message: 'the JSON text is wrong here',
    };
  }
  return { file, message: 'the JSON text is wrong' };
}

function withoutManagedFields(object: Record<string, unknown>): KubeObject {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest } as unknown as KubeObject;
}

function isHook(object: KubeObject): boolean {
  const annotations: unknown = object.metadata.annotations;
  return isRecord(annotations) && 'helm.sh/hook' in annotations;
}

/** Adds the object at `path` of a source, or the items of a list. `inherited` is what a list says of its items. */
function addObject(
  reading: Reading,
  source: Source,
  path: Path,
  value: unknown,
  inherited: object = {},
): void {
  const complain = (where: Path, message: string) =>
    reading.problems.push({ file: reading.file, ...source.locate(where), message });
  if (!isRecord(value)) {
    complain(path, `expected a Kubernetes object (apiVersion, kind, metadata), found ${foundText(value)}`);
    return;
  }
  const object = { ...inherited, ...value } as Record<string, unknown>;
  for (const field of ['apiVersion', 'kind']) {
    if (typeof object[field] === 'string' && object[field] !== '') continue;
    complain(
      [...path, field],
      `${field} is missing or not text: every Kubernetes object has apiVersion and kind`,
    );
    return;
  }
  const kind = object.kind as string;
  // A custom resource may be called a list, too: it has no items.
  if (kind === 'List' || (kind.endsWith('List') && 'items' in object)) {
    const ofItems =
      kind === 'List' ? {} : { apiVersion: object.apiVersion, kind: kind.slice(0, -'List'.length) };
    // Go writes a list of nothing as null.
    const items = object.items ?? [];
    if (!Array.isArray(items)) {
      complain([...path, 'items'], `found ${foundText(items)}, expected a list of Kubernetes objects`);
      return;
    }
    items.forEach((item, i) => {
      addObject(reading, source, [...path, 'items', i], item, ofItems);
    });
    return;
  }
  const located = withoutManagedFields(object);
  if (isHook(located)) {
    reading.nHooks++;
    return;
  }
  const locate = (where: Path) => source.locate([...path, ...where]);
  reading.objects.push(new Located(located, reading.file, locate));
}

/** Works out its own place only when asked: a big snapshot has thousands of objects and no mistake. */
class Located implements LocatedObject {
  readonly object: KubeObject;
  readonly file: string;
  readonly locate: (path: Path) => Position;

  constructor(object: KubeObject, file: string, locate: (path: Path) => Position) {
    this.object = object;
    this.file = file;
    this.locate = locate;
  }

  get line(): number {
    return this.locate([]).line;
  }

  get column(): number {
    return this.locate([]).column;
  }
}

/** Reads every object of a text. Mistakes of form are returned with file, line and column; nothing is thrown. */
export function readManifests(text: string, file: string): Manifests {
  const reading: Reading = { file, objects: [], problems: [], nHooks: 0 };
  if (TABLE.test(file)) {
    reading.problems.push({
      file,
      message: 'a table holds no Kubernetes objects: name it under workload as a trace',
    });
    return reading;
  }
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const looksLikeJson = /^\s*[{[]/.test(content);
  const sources = (looksLikeJson ? jsonSources(content) : undefined) ?? yamlSources(content, reading);
  if (reading.problems.length > 0 && /^\s*(\[\s*)?\{\s*"/.test(content)) {
    reading.problems.splice(0, Infinity, jsonProblem(content, file));
  }
  for (const source of sources) {
    if (source.value !== null && source.value !== undefined) addObject(reading, source, [], source.value);
  }
  return reading;
}
