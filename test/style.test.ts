// Rules of the code that matter and that no linter knows: what may not be used inside the simulation, sizes, headers.

import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url);
const LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

interface Source {
  readonly path: string;
  readonly text: string;
}

const sources: Source[] = ['src', 'test', 'bench', 'scripts']
  .flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  )
  .filter((path) => /\.(ts|js)$/.test(path))
  .map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') }));

const isTest = ({ path }: Source) => path.endsWith('.test.ts') || path.startsWith('test/');
const ofTheEngine = sources.filter(
  (source) => /^src\//.test(source.path) && !/^src\/(cli|conformance)\//.test(source.path) && !isTest(source),
);

/** Code without comments and texts, so that words in them do not count. */
function codeOf({ path, text }: Source): string {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node))
      words.push(
        node.parent && ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
          ? `.${node.text}`
          : node.text,
      );
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ` ${words.join(' ')} `;
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length;
}

function functionsOf({ path, text }: Source): { readonly name: string; readonly nLines: number }[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: { name: string; nLines: number }[] = [];
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const name = node.name && 'getText' in node.name ? node.name.getText(file) : '(anonymous)';
      found.push({
        name: `${path}: ${name}`,
        nLines: lineAt(node.getEnd()) - lineAt(node.getStart(file)) + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

describe('inside the simulation there is', () => {
  // What would make two runs differ: clocks, ambient randomness, timers, the environment, the machine's language.
  it.each([
    ['no clock', / (Date|performance) /],
    ['no ambient randomness', / Math \.random /],
    ['no timer', / (setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame) /],
    [
      'no environment',
      / (process \.(env|argv|cwd|hrtime|memoryUsage|cpuUsage|platform|exit)|navigator|globalThis) /,
    ],
    [
      'no comparison that depends on a language',
      / \.(localeCompare|toLocaleString|toLocaleLowerCase|toLocaleUpperCase) /,
    ],
    ['no console', / console /],
  ])('%s', (_, pattern) => {
    const offenders = ofTheEngine.filter((source) => pattern.test(codeOf(source))).map(({ path }) => path);
    expect(offenders).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${LINES_MAX} lines`, () => {
    expect(sources.filter(({ text }) => linesOf(text) > LINES_MAX).map(({ path }) => path)).toEqual([]);
  });

  it('have a median of at most 120 lines', () => {
    expect(median(ofTheEngine.map(({ text }) => linesOf(text)))).toBeLessThanOrEqual(120);
  });

  it('say in their first lines what they are about', () => {
    const silent = sources.filter(
      (source) => !isTest(source) && !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(source.text),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('say nothing of the machine that they were written on', () => {
    const told = sources.filter(
      ({ path, text }) => path !== 'test/style.test.ts' && /\/(work|tmp|root)\/\w/.test(text),
    );
    expect(told.map(({ path }) => path)).toEqual([]);
  });
});

describe('functions', () => {
  const functions = sources.filter((source) => !isTest(source)).flatMap(functionsOf);

  it(`have at most ${FUNCTION_LINES_MAX} lines`, () => {
    expect(functions.filter(({ nLines }) => nLines > FUNCTION_LINES_MAX).map(({ name }) => name)).toEqual([]);
  });

  it('have a median of at most 12 lines', () => {
    expect(median(functions.map(({ nLines }) => nLines))).toBeLessThanOrEqual(12);
  });
});
