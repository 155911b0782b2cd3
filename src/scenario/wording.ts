/** What was found and what is allowed, in words. */
import type { z } from 'zod';
import { nearestName } from '../base/nearest.ts';
import { foundText } from '../base/values.ts';
import type { KubeObject } from '../kube/types.ts';
import { alternatives, type JsonSchema } from './json-schema.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `a, b and c`; of more than that many, the rest is counted: `a, b, c and 4 more`. */
export function listText(names: readonly string[], nMax = 3): string {
  const rest = names.length > nMax ? [`${names.length - nMax} more`] : [];
  const parts = [...names.slice(0, nMax), ...rest];
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `Deployment shop/web`, `Node a`. */
export function nameText({ kind, metadata }: KubeObject): string {
  const { namespace, name } = metadata;
  if (kind === 'Node') return `Node ${name}`;
  return `${kind} ${namespace ?? 'default'}/${name ?? metadata.generateName ?? ''}`;
}

/** `; did you mean x?` if a name is near, else nothing. */
export function hint(name: unknown, allowed: Iterable<string>): string {
  const nearest = typeof name === 'string' ? nearestName(name, allowed) : undefined;
  return nearest === undefined || nearest === name ? '' : `; did you mean ${nearest}?`;
}

/** The types that a schema allows. */
export function typesText(schema: JsonSchema): string {
  const types = alternatives(schema).flatMap(({ type = 'object' }) => type);
  const words = types.map((type) => TYPE_WORDS[type] ?? type);
  return orList([...new Set(words)]);
}

/** The names of a schema's alternatives that tell them apart: what an entry begins with. */
export function entryNames(schema: JsonSchema): string[] {
  const names = alternatives(schema).flatMap(({ required = [] }) => required.slice(0, 1));
  return [...new Set(names)];
}

function oneOf(values: readonly unknown[], found: unknown): string {
  const names = values.map(String);
  return names.length === 1
    ? `expected ${names[0]}`
    : `expected one of ${names.join(', ')}${hint(found, names)}`;
}

type Bound = Extract<z.core.$ZodIssue, { code: 'too_small' | 'too_big' }>;

function boundText(issue: Bound): string {
  const isLow = issue.code === 'too_small';
  const bound = String(isLow ? issue.minimum : issue.maximum);
  if (issue.origin === 'array')
    return `${isLow ? 'at least' : 'at most'} ${bound} item${bound === '1' ? '' : 's'}`;
  if (issue.origin === 'string') {
    if (isLow && bound === '1') return 'text that is not empty';
    return `text of ${issue.exact ? 'exactly' : isLow ? 'at least' : 'at most'} ${bound} character${bound === '1' ? '' : 's'}`;
  }
  if (!issue.inclusive) return `a number ${isLow ? 'greater' : 'less'} than ${bound}`;
  return `a number of ${isLow ? 'at least' : 'at most'} ${bound}`;
}

/** What a violation says about the value it is about, which should have followed `schema`. */
export function issueText(issue: z.core.$ZodIssue, found: unknown, schema: JsonSchema | undefined): string {
  const prefix = found === undefined ? 'is missing' : `found ${foundText(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `${prefix}, expected ${schema ? typesText(schema) : TYPE_WORDS[issue.expected]}`;
    case 'invalid_value':
      return `${prefix}, ${oneOf(issue.values, found)}`;
    case 'invalid_union':
      return 'options' in issue && issue.options ? `${prefix}, ${oneOf(issue.options, found)}` : prefix;
    case 'too_small':
    case 'too_big':
      if (issue.origin === 'array' && 'maximum' in issue && issue.maximum === 0) return issue.message;
      return `${prefix}, expected ${boundText(issue)}`;
    case 'invalid_key':
      return `the name is wrong: ${issue.issues[0]?.message ?? issue.message}`;
    case 'invalid_format':
      return `${prefix}, expected ${issue.message}`;
    default:
      return issue.message;
  }
}
