// A JSON Schema as Markdown: a section for each mapping with a table of its keys. A shape that occurs again is not
// written again: the text points to its first place.

import { canonicalJson } from '../../src/base/canonical-json.ts';
import { alternatives, type JsonSchema } from '../../src/scenario/json-schema.ts';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  array: 'list',
  object: 'mapping',
};

export function schemaMarkdown(schema: JsonSchema): string {
  const writer = new Writer();
  for (const [key, property] of Object.entries(schema.properties ?? {})) writer.visit(property, key);
  return [table(schema, (property, key) => writer.typeText(property, key)), ...writer.sections].join('\n');
}

class Writer {
  readonly sections: string[] = [];
  readonly #written = new Set<string>();
  /** Headings of the sections, by shape. */
  readonly #titles = new Map<string, string>();

  /** Writes the sections of all mappings at and below a path. */
  visit(schema: JsonSchema, path: string): void {
    const choices = structured(schema);
    const shape = shapeOf(schema);
    if (choices.length === 0 || this.#written.has(shape)) return;
    this.#written.add(shape);
    const isUnion = choices.length > 1;
    for (const choice of choices) {
      if (choice.type === 'array') this.visit(choice.items ?? {}, `${path}[]`);
      else if (choice.properties) this.#section(choice, path, isUnion);
      else if (typeof choice.additionalProperties === 'object')
        this.visit(choice.additionalProperties, `${path}.<name>`);
    }
  }

  typeText(schema: JsonSchema, path: string): string {
    const isUnion = structured(schema).length > 1;
    const words = alternatives(schema).map((one) => this.#word(one, path, isUnion));
    return [...new Set(words)].join(' or ');
  }

  #word(schema: JsonSchema, path: string, isChoice: boolean): string {
    if (schema.const !== undefined) return `\`${String(schema.const)}\``;
    if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
    if (schema.type === 'array') {
      const items = schema.items ?? schema.prefixItems?.[0] ?? {};
      return schema.prefixItems ? 'pair' : `list of ${this.typeText(items, `${path}[]`)}`;
    }
    if (schema.type === undefined) return 'anything';
    if (schema.type === 'object') return this.#mappingWord(schema, path, isChoice);
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
    return types.map((type) => TYPE_WORDS[type] ?? type).join(' or ');
  }

  #mappingWord(schema: JsonSchema, path: string, isChoice: boolean): string {
    if (schema.properties === undefined) {
      const { additionalProperties } = schema;
      const values =
        typeof additionalProperties === 'object' ? this.typeText(additionalProperties, `${path}.<name>`) : '';
      return values === '' || values === 'anything' ? 'mapping' : `names with ${values}`;
    }
    const title = this.#titles.get(shapeOf(schema)) ?? titleOf(schema, path, isChoice);
    return `[${isChoice ? (discriminator(schema) ?? 'mapping') : 'mapping'}](#${anchorOf(title)})`;
  }

  #section(schema: JsonSchema, path: string, isChoice: boolean): void {
    const title = titleOf(schema, path, isChoice);
    this.#titles.set(shapeOf(schema), title);
    const at = this.sections.length;
    this.sections.push('');
    for (const [key, property] of Object.entries(schema.properties ?? {}))
      this.visit(property, `${path}.${key}`);
    const rows = table(schema, (property, key) => this.typeText(property, `${path}.${key}`));
    this.sections[at] = `### ${title}\n\n${schema.description ? `${schema.description}\n\n` : ''}${rows}`;
  }
}

/** The alternatives of a schema that need sections of their own. */
function structured(schema: JsonSchema): JsonSchema[] {
  return alternatives(schema).filter(
    ({ properties, items, additionalProperties }) =>
      properties !== undefined ||
      (items !== undefined && structured(items).length > 0) ||
      (typeof additionalProperties === 'object' && structured(additionalProperties).length > 0),
  );
}

/** What two schemas have in common that need one description only. */
function shapeOf(schema: JsonSchema): string {
  const { description: _, default: __, ...shape } = schema;
  return canonicalJson(shape);
}

function titleOf(schema: JsonSchema, path: string, isChoice: boolean): string {
  const kind = isChoice ? discriminator(schema) : undefined;
  return kind === undefined ? `\`${path}\`` : `\`${path}\` with \`${kind}\``;
}

/** What tells an alternative from the others: a fixed value, or a key that only it has to have. */
function discriminator({ properties = {}, required = [] }: JsonSchema): string | undefined {
  const fixed = Object.entries(properties).find(([, property]) => property.const !== undefined);
  return fixed ? `${fixed[0]}: ${String(fixed[1].const)}` : required[0];
}

/** As GitHub makes anchors of headings. */
function anchorOf(path: string): string {
  return path
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function table(schema: JsonSchema, typeOf: (property: JsonSchema, key: string) => string): string {
  const { properties = {}, required = [] } = schema;
  const rows = Object.entries(properties).map(([key, property]) => {
    const needed = required.includes(key) ? '**required.** ' : '';
    return `| \`${key}\` | ${typeOf(property, key)} | ${needed}${cell(property)} |`;
  });
  return `| key | value | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function cell({ description = '', default: fallback }: JsonSchema): string {
  const isPlain = fallback !== undefined && typeof fallback !== 'object';
  const text = description.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return isPlain && !/default/i.test(text) ? `${text} Default: \`${String(fallback)}\`.` : text;
}
