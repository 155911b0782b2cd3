// Pages that are made from the code are those of the code.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages } from '../scripts/docs/pages.ts';
import { InputError } from '../src/base/errors.ts';
import type { JsonSchema } from '../src/scenario/json-schema.ts';
import { loadScenario } from '../src/scenario/load-scenario.ts';
import { memoryFiles } from '../src/scenario/memory-files.ts';
import { scenarioJsonSchema } from '../src/scenario/scenario-json-schema.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: "i:1"}]}\n';

describe('docs', () => {
  it.each(Object.entries(pages()))('%s is what `npm run docs` writes', (name, text) => {
    expect(readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')).toBe(text);
  });

  it.each([
    ['docs/scenario.md', pages()['scenario.md']!],
    ['README.md', readFileSync(new URL('../README.md', import.meta.url), 'utf8')],
  ])('%s shows a scenario that is valid', async (_, page) => {
    const text = page.split('```yaml\n')[1]?.split('```')[0] ?? '';
    const files = memoryFiles({ 'a.yaml': text, 'k8s/pod.yaml': POD });
    const scenario = await loadScenario('a.yaml', files).catch((error) => {
      throw error instanceof InputError ? new Error(error.message) : error;
    });
    expect(scenario.timeline).toHaveLength(2);
  });
});

describe('the schema of scenarios', () => {
  it('describes every key', () => {
    const nameless: string[] = [];
    const visit = (node: JsonSchema, path: string): void => {
      for (const [key, property] of Object.entries(node.properties ?? {})) {
        if (!property.description && property.const === undefined) nameless.push(`${path}.${key}`);
        visit(property, `${path}.${key}`);
      }
      for (const inner of [node.items, node.additionalProperties]) {
        if (typeof inner === 'object') visit(inner, `${path}[]`);
      }
      for (const inner of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) visit(inner, path);
    };
    visit(scenarioJsonSchema(), '');
    expect(nameless).toEqual([]);
  });
});
