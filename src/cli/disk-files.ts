// Files of the disk, for the scenario layer. Files that end in .gz are unpacked as they are read. Messages name a file
// by the path it was found under.

import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EnvironmentError, InputError } from '../base/errors.ts';
import type { Files } from '../scenario/files.ts';
import { glob, isGlob } from './glob.ts';

/** What `kubectl apply --recursive -f FOLDER` reads of a folder. */
const ALL = '**/*';
const MANIFEST = /\.(ya?ml|json)(\.gz)?$/;

export class DiskFiles implements Files {
  readonly #dataFolder: string | undefined;

  /** `dataFolder`: where relative paths are looked for that are not beside the file that names them. */
  constructor(dataFolder?: string) {
    this.#dataFolder = dataFolder === '' ? undefined : dataFolder;
  }

  async read(path: string): Promise<string> {
    const chunks: string[] = [];
    for await (const chunk of this.#text(path)) chunks.push(chunk);
    return chunks.join('');
  }

  async *lines(path: string): AsyncIterable<string> {
    let rest = '';
    for await (const chunk of this.#text(path)) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  }

  async expand(pattern: string, base: string): Promise<readonly string[]> {
    for (const folder of this.#folders(pattern, base)) {
      const found = isGlob(pattern) ? await glob(folder, pattern) : await plain(join(folder, pattern));
      if (found.length > 0) return found;
    }
    return [];
  }

  searched(base: string): string {
    const data = this.#dataFolder;
    if (data === undefined) return `in ${dirname(base)}; name a data folder by --data or WAVETANK_DATA`;
    return `in ${dirname(base)} and in the data folder ${data}`;
  }

  #folders(pattern: string, base: string): string[] {
    if (isAbsolute(pattern)) return [''];
    return [dirname(base), ...(this.#dataFolder === undefined ? [] : [this.#dataFolder])];
  }

  async *#text(path: string): AsyncIterable<string> {
    const file = createReadStream(path);
    const stream = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => {}) : file;
    stream.setEncoding('utf8');
    try {
      for await (const chunk of stream) yield chunk as string;
    } catch (error) {
      throw readError(path, error as NodeJS.ErrnoException);
    }
  }
}

async function plain(path: string): Promise<string[]> {
  const stats = await statOf(path);
  if (stats?.isFile()) return [normalize(path)];
  if (!stats?.isDirectory()) return [];
  return (await glob(path, ALL)).filter((file) => MANIFEST.test(file));
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'the file may not be read (permission denied)',
  Z_BUF_ERROR: 'the .gz file is truncated: it ends in the middle of its data',
  Z_DATA_ERROR: 'the .gz file is damaged',
};

function readError(path: string, error: NodeJS.ErrnoException): Error {
  const reason = REASONS[error.code ?? ''];
  if (reason !== undefined) {
    const isNoGzip = error.code === 'Z_DATA_ERROR' && error.message === 'incorrect header check';
    return new InputError([
      { file: path, message: isNoGzip ? 'this is no .gz file, though it is named so' : reason },
    ]);
  }
  if (error.code === undefined) return error;
  return new EnvironmentError(`${path} cannot be read: ${error.message}`);
}
