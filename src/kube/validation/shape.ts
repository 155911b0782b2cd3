// The JSON types of objects: which fields exist and what they hold, as strict decoding (kubectl's default) judges
// them. Null stands for "not set", as in the API. Fields that nothing here reads are 'any'.

import { nearestName } from '../../base/nearest.ts';
import { parseQuantity } from '../../base/quantity.ts';
import { foundText, isRecord } from '../../base/values.ts';
import { type Field, formatPath } from './field.ts';

type Leaf = 'string' | 'int' | 'boolean' | 'quantity' | 'intOrString' | 'any';

export type Shape =
  | Leaf
  | { readonly fields: ReadonlyMap<string, Shape> }
  | { readonly list: Shape }
  | { readonly map: Shape };

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

function checkLeaf(value: unknown, leaf: Leaf, at: Field): boolean {
  if (!isLeaf(value, leaf)) {
    at.add(`expected ${EXPECTED[leaf]}, found ${foundText(value)}`);
    return false;
  }
  if (leaf !== 'quantity') return true;
  try {
    parseQuantity(value as string | number);
    return true;
  } catch (error) {
    at.add(`Invalid value: ${(error as Error).message}`);
    return false;
  }
}

function complainUnknown(name: string, known: Iterable<string>, at: Field): void {
  const near = nearestName(name, known);
  at.add(`unknown field "${formatPath(at.path)}"${near ? `: did you mean "${near}"?` : ''}`);
}

/** Whether the value has the shape; unknown fields are told but leave it usable. */
export function checkShape(value: unknown, shape: Shape, at: Field): boolean {
  if (value === null || value === undefined) return true;
  if (typeof shape === 'string') return checkLeaf(value, shape, at);
  if ('list' in shape) {
    if (!Array.isArray(value)) {
      at.add(`expected a list, found ${foundText(value)}`);
      return false;
    }
    let isGood = true;
    value.forEach((item, i) => {
      if (item === null && shape.list !== 'any') at.at(i).add('expected an item, found nothing');
      isGood = item !== null && checkShape(item, shape.list, at.at(i)) && isGood;
    });
    return isGood;
  }
  if (!isRecord(value)) {
    at.add(`expected a mapping, found ${foundText(value)}`);
    return false;
  }
  let isGood = true;
  for (const [name, member] of Object.entries(value)) {
    const inner = 'map' in shape ? shape.map : shape.fields.get(name);
    if (inner) isGood = checkShape(member, inner, at.at(name)) && isGood;
    else if ('fields' in shape) complainUnknown(name, shape.fields.keys(), at.at(name));
  }
  return isGood;
}
