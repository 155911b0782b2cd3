/** From violations of the schema to problems with a place, what was found, what is allowed and the nearest name. */

import type { z } from 'zod';
import type { Problem } from '../base/errors.ts';
import { foundText, isRecord } from '../base/values.ts';
import { formatPath } from '../kube/validate.ts';
import { type JsonSchema, likelyAlternatives, likeness, schemasAt, valueAt } from './json-schema.ts';
import type { LocatedData } from './located-yaml.ts';
import { entryNames, hint, issueText, orList, typesText } from './wording.ts';

const N_ALLOWED_MAX = 20;

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** `schema` is the JSON Schema of the definition that found the issues. */
export function schemaProblems(
  issues: readonly Issue[],
  located: LocatedData,
  schema: JsonSchema,
): Problem[] {
  const reader = new IssueReader(located, schema);
  for (const issue of withoutConsequences(issues)) reader.read(issue, []);
  return reader.problems;
}

/** Where a key is unknown, what its absence under the right name leads to is not told. */
function withoutConsequences(issues: readonly Issue[]): Issue[] {
  const unknown = issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join());
  return issues.filter(({ code, path }) => code !== 'custom' || !unknown.includes(path.join()));
}

class IssueReader {
  readonly problems: Problem[] = [];
  readonly #located: LocatedData;
  readonly #schema: JsonSchema;

  constructor(located: LocatedData, schema: JsonSchema) {
    this.#located = located;
    this.#schema = schema;
  }

  read(issue: Issue, prefix: Path): void {
    const path = [...prefix, ...(issue.path as Path)];
    if (issue.code === 'unrecognized_keys') this.#unknownKeys(issue.keys, path);
    else if (issue.code === 'invalid_union' && issue.errors.length > 0) this.#union(issue.errors, path);
    else this.#add(path, issueText(issue, valueAt(this.#located.data, path), this.#schemaAt(path)));
  }

  #schemaAt(path: Path): JsonSchema | undefined {
    return schemasAt(this.#schema, this.#located.data, path)[0];
  }

  #add(path: Path, message: string): void {
    this.problems.push({ ...this.#located.place(path), path: formatPath(path), message });
  }

  #unknownKeys(keys: readonly string[], path: Path): void {
    const value = valueAt(this.#located.data, path);
    const schemas = schemasAt(this.#schema, this.#located.data, path).flatMap((one) =>
      likelyAlternatives(one, value),
    );
    const allowed = [...new Set(schemas.flatMap(({ properties = {} }) => Object.keys(properties)))];
    for (const key of keys) {
      this.#add([...path, key], unknownKey(key, allowed));
    }
  }

  /** No alternative fits: reports what is wrong with the one that was most likely meant. */
  #union(errors: readonly (readonly Issue[])[], path: Path): void {
    const value = valueAt(this.#located.data, path);
    const schema = this.#schemaAt(path) ?? {};
    const ranks = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map((one) => likeness(one, value));
    const best = Math.max(...ranks);
    if (best < 0) {
      this.#add(path, noAlternative(schema, value));
      return;
    }
    for (const issue of withoutConsequences(errors[ranks.indexOf(best)] ?? [])) this.read(issue, path);
  }
}

/** A long list says less than the name that is near. */
function unknownKey(key: string, allowed: readonly string[]): string {
  const nearest = hint(key, allowed);
  if (nearest !== '' && allowed.length > N_ALLOWED_MAX) return `unknown key${nearest}`;
  return `unknown key${nearest} (allowed: ${allowed.join(', ')})`;
}

function noAlternative(schema: JsonSchema, value: unknown): string {
  const names = entryNames(schema);
  if (value === undefined) return `is missing, expected ${typesText(schema)}`;
  if (!isRecord(value) || names.length === 0)
    return `found ${foundText(value)}, expected ${typesText(schema)}`;
  const keys = Object.keys(value);
  const nearest = keys.map((key) => hint(key, names)).find((text) => text !== '') ?? '';
  const found =
    keys.length === 0 ? 'an empty mapping' : `the key${keys.length > 1 ? 's' : ''} ${keys.join(', ')}`;
  return `found ${found}, expected one of ${orList(names)}${nearest}`;
}
