// Globs as shells know them: * and ? within a name, ** for any folders, [abc], {a,b}. Names that begin with a dot are
// matched only by patterns that begin with one. Results are sorted by code point.

import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compareStrings } from '../base/orders.ts';

export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/** The files below `root` that match; symbolic links to files count, links to folders are not followed by **. */
export async function glob(root: string, pattern: string): Promise<string[]> {
  const found = new Set<string>();
  for (const alternative of expandBraces(pattern)) {
    const start = alternative.startsWith('/') ? '/' : root;
    await walk(
      start,
      alternative.split('/').filter((part) => part !== '' && part !== '.'),
      found,
    );
  }
  return [...found].sort(compareStrings);
}

/** `a{b,c}d` as `abd` and `acd`. */
function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern);
  if (!match) return [pattern];
  const [, before = '', inner = '', after = ''] = match;
  return inner.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

async function walk(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === '..' || !(isGlob(part) || rest.length > 0)) {
    const path = join(folder, part);
    if (rest.length > 0) await walk(path, rest, found);
    else if (await isFile(path)) found.add(path);
    return;
  }
  const isAnyDepth = part === '**';
  if (isAnyDepth) await walk(folder, rest.length > 0 ? rest : ['*'], found);
  const matches = isAnyDepth ? /^[^.]/ : partPattern(part);
  for (const entry of await entriesOf(folder)) {
    if (!matches.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, isAnyDepth ? parts : rest, found);
    else if (!isAnyDepth && rest.length === 0 && (await isFile(path))) found.add(path);
    else if (!isAnyDepth && rest.length > 0 && entry.isSymbolicLink()) await walk(path, rest, found);
  }
}

function partPattern(part: string): RegExp {
  const source = part
    .replace(/[.+^$()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${source}$`, 'u');
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
