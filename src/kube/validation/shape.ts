// The JSON types of objects: which fields exist and what they hold, as strict decoding (kubectl's default) judges
// them. Null stands for "not set", as in the API. Fields that nothing here reads are 'any'.

import { nearestName } from '../../base/nearest.ts';
import { parseQuantity } from '../../base/quantity.ts';
import { foundText, isRecord } from '../../base/values.ts';
import { type Field, type FieldProblem, formatPath, type Path } from './field.ts';

type Leaf = 'string' | 'int' | 'boolean' | 'quantity' | 'intOrString' | 'any';

type Members = { readonly fields: ReadonlyMap<string, Shape> } | { readonly map: Shape };

export type Shape = Leaf | { readonly list: Shape } | Members;

/** An object with exactly these fields. */
export function fields(table: Readonly<Record<string, Shape>>, ...bases: Shape[]): Shape {
  const all = new Map<string, Shape>();
  for (const base of bases) {
    if (typeof base === 'object' && 'fields' in base)
      for (const [name, shape] of base.fields) all.set(name, shape);
  }
  for (const [name, shape] of Object.entries(table)) all.set(name, shape);
  return { fields: all };
}

/** Several fields of one shape: `each('string', 'a b c')`. */
export function each(shape: Shape, names: string): Record<string, Shape> {
  return Object.fromEntries(names.split(' ').map((name) => [name, shape]));
}

export const list = (shape: Shape): Shape => ({ list: shape });
export const map = (shape: Shape): Shape => ({ map: shape });

const EXPECTED: Readonly<Record<Leaf, string>> = {
  string: 'text (in quotes if it looks like a number or a boolean)',
  int: 'an integer',
  boolean: 'true or false',
  quantity: 'a quantity',
  intOrString: 'an integer or text',
  any: 'anything',
};

function isLeaf(value: unknown, leaf: Leaf): boolean {
  switch (leaf) {
    case 'string':
      return typeof value === 'string';
    case 'int':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number';
    case 'intOrString':
      return typeof value === 'string' || Number.isSafeInteger(value);
    case 'any':
      return true;
  }
}

/** What was meant by a leaf of another type, where that is clear: 80 by "80", "1" by 1. */
function meantBy(value: unknown, leaf: Leaf): unknown {
  if (leaf === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value);
  if (typeof value !== 'string') return undefined;
  if (leaf === 'int' && /^-?\d{1,15}$/.test(value)) return Number(value);
  if (leaf === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  return undefined;
}

function complainUnknown(name: string, known: Iterable<string>, at: Field): void {
  const near = nearestName(name, known);
  at.add(`unknown field "${formatPath(at.path)}"${near ? `: did you mean "${near}"?` : ''}`);
}

/** Takes values apart as their shapes say. */
export class ShapeReader {
  /** Places of values that cannot be read: what rules say about them is not to be trusted. */
  readonly #unread: Path[] = [];

  /**
   * The value as rules can read it; tells where it has not the shape. A good value is returned itself. Of another, what is
   * wrong is replaced by what was meant, and left out if that is not clear. Unknown fields are told and stay.
   */
  read(value: unknown, shape: Shape, at: Field): unknown {
    if (value === null || value === undefined) return value;
    if (typeof shape === 'string') return this.#leaf(value, shape, at);
    if ('list' in shape) {
      return Array.isArray(value)
        ? this.#items(value, shape.list, at)
        : this.#unreadable(at, `expected a list, found ${foundText(value)}`);
    }
    return isRecord(value)
      ? this.#members(value, shape, at)
      : this.#unreadable(at, `expected a mapping, found ${foundText(value)}`);
  }

  /** Whether a rule's complaint may come of a value that could not be read: one at, above or below it, or of a name not found. */
  isDoubtful({ path, message }: FieldProblem): boolean {
    if (this.#unread.length === 0) return false;
    return message.startsWith('Not found') || this.#unread.some((place) => areInLine(place, path));
  }

  #unreadable(at: Field, message: string): undefined {
    at.add(message);
    this.#unread.push(at.path);
  }

  #leaf(value: unknown, leaf: Leaf, at: Field): unknown {
    if (!isLeaf(value, leaf)) {
      const message = `expected ${EXPECTED[leaf]}, found ${foundText(value)}`;
      const meant = meantBy(value, leaf);
      if (meant === undefined) return this.#unreadable(at, message);
      at.add(message);
      return meant;
    }
    if (leaf !== 'quantity') return value;
    try {
      parseQuantity(value as string | number);
      return value;
    } catch (error) {
      return this.#unreadable(at, `Invalid value: ${(error as Error).message}`);
    }
  }

  /** An item that cannot be read becomes an empty one, so that the others keep their places. */
  #items(items: readonly unknown[], shape: Shape, at: Field): readonly unknown[] {
    if (shape === 'any') return items;
    let read = items;
    items.forEach((item, i) => {
      const here = at.at(i);
      const good =
        item === null
          ? this.#unreadable(here, 'expected an item, found nothing')
          : this.read(item, shape, here);
      if (good !== item) read = read.with(i, good ?? emptyOf(shape));
    });
    return read;
  }

  #members(value: Record<string, unknown>, shape: Members, at: Field): Record<string, unknown> {
    let read = value;
    for (const [name, member] of Object.entries(value)) {
      const inner = 'map' in shape ? shape.map : shape.fields.get(name);
      if (!inner) {
        if ('fields' in shape) complainUnknown(name, shape.fields.keys(), at.at(name));
        continue;
      }
      const good = this.read(member, inner, at.at(name));
      if (good !== member) read = withMember(read, name, good);
    }
    return read;
  }
}

function withMember(record: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const { [name]: _, ...others } = record;
  return value === undefined ? others : { ...record, [name]: value };
}

function emptyOf(shape: Shape): unknown {
  if (typeof shape === 'string') return '';
  return 'list' in shape ? [] : {};
}

/** Is one place the other, or around it? */
function areInLine(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((part, i) => part === b[i]);
}
