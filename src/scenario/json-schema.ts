/** What a JSON Schema says about a place in some data: which alternative was meant, which names are allowed. */

import { isRecord } from '../base/values.ts';

/** A JSON Schema, as far as it is looked at here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** The schemas that a value may follow, alternatives of alternatives laid flat. */
export function alternatives(schema: JsonSchema): JsonSchema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return inner.length === 0 ? [schema] : inner.flatMap(alternatives);
}

/** The alternatives that a value was most likely meant to follow; none if its type fits none of them. */
export function likelyAlternatives(schema: JsonSchema, value: unknown): JsonSchema[] {
  let best: JsonSchema[] = [];
  let bestRank = Number.NEGATIVE_INFINITY;
  for (const candidate of alternatives(schema)) {
    const rank = likeness(candidate, value);
    if (rank > bestRank) best = [];
    if (rank >= bestRank && rank > Number.NEGATIVE_INFINITY) best.push(candidate);
    bestRank = Math.max(bestRank, rank);
  }
  return best;
}

/** How well a value looks like a schema: names it knows count most, wrong fixed values and missing names against it. */
export function likeness(schema: JsonSchema, value: unknown): number {
  if (schema.anyOf || schema.oneOf)
    return Math.max(...alternatives(schema).map((one) => likeness(one, value)));
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes(jsonType(value))) return Number.NEGATIVE_INFINITY;
  if (!isRecord(value)) return 0;
  const { properties = {}, required = [] } = schema;
  let rank = 0;
  for (const key of Object.keys(value)) {
    const property = properties[key];
    if (property === undefined) continue;
    const allowed = property.const === undefined ? property.enum : [property.const];
    rank += allowed?.includes(value[key]) === false ? 1 : 3;
  }
  return rank - required.filter((key) => !(key in value)).length / 100;
}

/** None: any type. */
export function typesOf({ type = [] }: JsonSchema): readonly string[] {
  return typeof type === 'string' ? [type === 'integer' ? 'number' : type] : type;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value;
}

/** The schemas in force at a path of `data`. */
export function schemasAt(schema: JsonSchema, data: unknown, path: readonly PropertyKey[]): JsonSchema[] {
  const [part, ...rest] = path;
  if (part === undefined) return [schema];
  return likelyAlternatives(schema, data).flatMap(
    ({ properties, items, prefixItems, additionalProperties }) => {
      const found =
        typeof part === 'number'
          ? (prefixItems?.[part] ?? items)
          : (properties?.[String(part)] ?? additionalProperties);
      return isSchema(found) ? schemasAt(found, valueAt(data, [part]), rest) : [];
    },
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object';
}

/** Undefined where there is nothing. */
export function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
