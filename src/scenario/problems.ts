/** From schema violations to problems with a place and the nearest valid name. */
import type { z } from 'zod';
import type { Problem } from '../base/errors.ts';
import { nearestName } from '../base/nearest.ts';
import type { LocatedData } from './located-yaml.ts';

/** A JSON Schema, as far as it is looked at here. */
interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** `schema` is the JSON Schema of the same definition: it knows which names are allowed where. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  located: LocatedData,
  file: string,
  schema: JsonSchema,
): Problem[] {
  return issues.flatMap((issue) => issueProblems(issue, [], located, file, schema));
}

function issueProblems(
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  located: LocatedData,
  file: string,
  schema: JsonSchema,
): Problem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const allowed = [...namesAt(schema, path)];
    return issue.keys.map((key) => ({
      file,
      ...located.locate([...path, key]),
      path: pathText([...path, key]),
      message: unknownKey(key, allowed),
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors);
    if (branch) return branch.flatMap((inner) => issueProblems(inner, path, located, file, schema));
  }
  return [{ file, ...located.locate(path), path: pathText(path), message: messageOf(issue) }];
}

/** Of the alternatives, the one whose problems lie deepest: what the user most likely meant. */
function closestBranch(
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(...issues.map(({ path, code }) => path.length * 2 + (code === 'invalid_value' ? 0 : 1)));
  const plain = branches.filter(
    (issues) => !issues.every(({ path, code }) => path.length === 0 && code === 'invalid_type'),
  );
  if (plain.length === 0) return undefined;
  return plain.reduce((best, issues) =>
    depth(issues) > depth(best) || (depth(issues) === depth(best) && issues.length < best.length)
      ? issues
      : best,
  );
}

function unknownKey(key: string, allowed: readonly string[]): string {
  const nearest = nearestName(key, allowed);
  const hint = nearest ? `; did you mean ${nearest}?` : '';
  return `unknown key ${key}${hint} (allowed: ${allowed.join(', ')})`;
}

function messageOf(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, '');
}

export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** The names that the schema allows at a path, over all alternatives. */
function namesAt(schema: JsonSchema, path: readonly PropertyKey[]): Set<string> {
  const here = alternatives(schema);
  if (path.length === 0) return new Set(here.flatMap(({ properties = {} }) => Object.keys(properties)));
  const [part, ...rest] = path;
  const next = here.flatMap(({ properties, items, additionalProperties }) => {
    const found = typeof part === 'number' ? items : (properties?.[String(part)] ?? additionalProperties);
    return typeof found === 'object' ? [found] : [];
  });
  return new Set(next.flatMap((inner) => [...namesAt(inner, rest)]));
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) =>
    one === schema ? [one] : alternatives(one),
  );
}
