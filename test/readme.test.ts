// README.md shows commands that exist with flags that they know, files that are there, and scenarios that are valid.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { COMMANDS } from '../src/cli/cli.ts';
import { loadScenario } from '../src/scenario/load-scenario.ts';
import { memoryFiles } from '../src/scenario/memory-files.ts';
import { root, SMALL } from './support/cli.ts';

const readme = readFileSync(`${root}/README.md`, 'utf8');

/** Words of a shell's line up to a redirection or a comment; quotes hold words together. */
function words(line: string): string[] {
  const found: string[] = [];
  for (const [, double, plain] of line.matchAll(/"([^"]*)"|(\S+)/g)) {
    const word = double ?? plain!;
    if (double === undefined && (word.startsWith('#') || word.startsWith('>'))) break;
    found.push(word);
  }
  return found;
}

/** What stands in the page as `npx wavetank …`, in blocks and within lines. */
function commandLines(page: string): string[] {
  const inBlocks = [...page.matchAll(/^npx wavetank .*$/gm)].map(([line]) => line);
  const inline = [...page.matchAll(/`(npx wavetank [a-z][^`]*)`/g)].map(([, line]) => line!);
  return [...inBlocks, ...inline];
}

/** What yargs has to say against the arguments; nothing is run. */
async function complaintOf(args: readonly string[]): Promise<string> {
  let complaint = '';
  const cli = yargs([...args])
    .exitProcess(false)
    .strict()
    .demandCommand(1)
    .parserConfiguration({ 'dot-notation': false })
    .fail((message, error) => {
      complaint = message || String(error);
    });
  for (const { module } of COMMANDS) cli.command({ ...module, handler: () => undefined });
  await cli.parseAsync();
  return complaint;
}

describe('README.md', () => {
  const lines = commandLines(readme);

  it('begins with the two commands, each on a line of its own', () => {
    const blocks = [...readme.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) =>
      block!.split(/ *#/)[0]!.trim(),
    );
    expect(blocks.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    expect(readme.indexOf('npm ci && npm start')).toBeLessThan(120);
  });

  it('is short', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(251);
  });

  it.each(lines)('shows a command line that is known: %s', async (line) => {
    expect(await complaintOf(words(line).slice(2))).toBe('');
  });

  it('shows every command that users call', () => {
    const shown = new Set(lines.map((line) => words(line)[2]));
    // Only the pods of a Job call k8s-run.
    const missing = COMMANDS.map(({ name }) => name).filter((name) => name !== 'k8s-run' && !shown.has(name));
    expect(missing).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [
      ...lines.flatMap(words).filter((word) => /^(scenarios|conformance)\//.test(word)),
      ...[...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path!),
    ];
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  });

  it.each([...readme.matchAll(/`((?:model|cluster): \{[^`]*)`/g)].map(([, snippet]) => snippet!))(
    'shows a part of a scenario that is valid: %s',
    async (snippet) => {
      const rest = snippet.startsWith('cluster') ? SMALL.replace(/^cluster:\n.*\n/m, '') : SMALL;
      const node = { status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } } };
      const now = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, ...node };
      const files = memoryFiles({ 'a.yaml': `${rest}\n${snippet}\n`, 'now.json': JSON.stringify(now) });
      expect((await loadScenario('a.yaml', files)).nodes.length).toBeGreaterThan(0);
    },
  );

  it('tells what is refused from what is known', async () => {
    expect(await complaintOf(['run', 'a.yaml', '--sed', '1'])).toContain('sed');
    expect(await complaintOf(['fly', 'a.yaml'])).not.toBe('');
  });
});
