// What users are told of wrong scenarios, word for word: each file below bad-scenarios/ holds cases of a name, a
// scenario, perhaps further files, and the messages. WAVETANK_UPDATE=1 writes the messages anew: read the difference.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../src/base/errors.ts';
import { loadScenario } from '../src/scenario/load-scenario.ts';
import { memoryFiles } from '../src/scenario/memory-files.ts';

const FOLDER = new URL('./bad-scenarios/', import.meta.url);

interface Case {
  readonly name: string;
  /** As it stands in the file, files included. */
  readonly input: string;
  readonly messages: string;
}

/** `### name`, the scenario, `--- path` before each further file, `=>` before the messages. */
function casesOf(text: string): Case[] {
  const blocks = text.split(/^### /m).slice(1);
  return blocks.map((block) => {
    const [before = '', messages = ''] = block.split(/^=>\n/m);
    const end = before.indexOf('\n');
    return { name: before.slice(0, end), input: before.slice(end + 1), messages: messages.trim() };
  });
}

async function messagesOf({ input }: Case): Promise<string> {
  const [scenario = '', ...others] = input.split(/^--- /m);
  const files = Object.fromEntries(
    others.map((other) => {
      const end = other.indexOf('\n');
      return [other.slice(0, end), other.slice(end + 1)];
    }),
  );
  try {
    await loadScenario('scenario.yaml', memoryFiles({ 'scenario.yaml': scenario, ...files }));
    return 'no problem';
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const files = readdirSync(FOLDER).sort();

if (process.env.WAVETANK_UPDATE) {
  for (const file of files) {
    const cases = casesOf(readFileSync(new URL(file, FOLDER), 'utf8'));
    const blocks = [];
    for (const one of cases) blocks.push(`### ${one.name}\n${one.input}=>\n${await messagesOf(one)}\n`);
    writeFileSync(new URL(file, FOLDER), blocks.join('\n'));
  }
}

describe.each(files)('%s', (file) => {
  const cases = casesOf(readFileSync(new URL(file, FOLDER), 'utf8'));
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(await messagesOf(one)).toBe(one.messages);
  });
});

it('covers sixty ways to be wrong', () => {
  const names = files.flatMap((file) => casesOf(readFileSync(new URL(file, FOLDER), 'utf8')));
  expect(names.length).toBeGreaterThanOrEqual(60);
});
