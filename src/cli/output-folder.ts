// The folder with the results of one command. Everything is written to a folder beside it that takes its place at the
// end: what is there is always whole. An earlier folder of Wavetank's is replaced; files of others are never touched
// unless the user says so.

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EnvironmentError } from '../base/errors.ts';
import { compareStrings } from '../base/orders.ts';

/** Lists the files that Wavetank wrote into a folder, and folders that are its own: what else is there is not. */
export const MARKER = '.wavetank';
const N_FOREIGN_SHOWN = 3;

/** A file that grows while a run goes on. */
export interface OutputFile {
  write(piece: Uint8Array): void;
}

export class OutputFolder {
  readonly path: string;
  readonly #temporary: string;
  readonly #files: string[] = [];
  readonly #open: number[] = [];

  /** @throws EnvironmentError if the folder cannot be written or holds files of others and `force` is not set */
  constructor(path: string, force: boolean) {
    this.path = path;
    const target = resolve(path);
    if (!relative(target, process.cwd()).startsWith('..')) {
      throw new EnvironmentError(
        `${path} is the folder you are in or one above it: choose another with --out`,
      );
    }
    if (guarded(path, () => exists(path) && !statSync(path).isDirectory())) {
      throw new EnvironmentError(`${path} is a file: choose another folder with --out`);
    }
    if (!force) refuseForeign(path);
    this.#temporary = join(dirname(target), partialName(target, process.pid));
    guarded(path, () => {
      mkdirSync(dirname(target), { recursive: true });
      rmSync(this.#temporary, { recursive: true, force: true });
      mkdirSync(this.#temporary);
    });
  }

  /** A new file; `name` may lead into subfolders. */
  file(name: string): OutputFile {
    const path = this.#place(name);
    const descriptor = guarded(this.path, () => openSync(path, 'wx'));
    this.#open.push(descriptor);
    return { write: (piece) => guarded(this.path, () => void writeSync(descriptor, piece)) };
  }

  /** A whole file at once. */
  write(name: string, text: string): void {
    const path = this.#place(name);
    guarded(this.path, () => writeFileSync(path, text));
  }

  /** Puts the new folder in the place of the old one. */
  commit(): void {
    const target = resolve(this.path);
    const old = `${this.#temporary}.old`;
    guarded(this.path, () => {
      writeFileSync(join(this.#temporary, MARKER), markerText(this.#files));
      this.#close();
      const isReplaced = exists(target);
      if (isReplaced) renameSync(target, old);
      try {
        renameSync(this.#temporary, target);
      } catch (error) {
        if (isReplaced) renameSync(old, target);
        throw error;
      }
      rmSync(old, { recursive: true, force: true });
    });
  }

  /** Leaves everything as it was. */
  abort(): void {
    this.#close();
    rmSync(this.#temporary, { recursive: true, force: true });
  }

  #place(name: string): string {
    const path = join(this.#temporary, name);
    guarded(this.path, () => mkdirSync(dirname(path), { recursive: true }));
    this.#files.push(name);
    return path;
  }

  #close(): void {
    for (const descriptor of this.#open.splice(0)) closeSync(descriptor);
  }
}

/** What runs into this folder that were killed have left: tables as far as they had come. */
export function leftovers(path: string): string[] {
  const target = resolve(path);
  const parent = dirname(target);
  const isFolder = guarded(path, () => statSync(parent, { throwIfNoEntry: false })?.isDirectory());
  const siblings = isFolder ? readdirSync(parent) : [];
  return siblings
    .filter((name) => {
      const pid = Number(/\.(\d+)\.partial$/.exec(name)?.[1]);
      return name === partialName(target, pid) && !isRunning(pid);
    })
    .map((name) => join(dirname(path), name));
}

function partialName(target: string, pid: number): string {
  return `.${target.slice(target.lastIndexOf(sep) + 1)}.${pid}.partial`;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function markerText(files: readonly string[]): string {
  return `${JSON.stringify({ files }, null, 2)}\n`;
}

function refuseForeign(path: string): void {
  if (!exists(path)) return;
  const own = [MARKER, ...ownFiles(path)];
  const isOwn = (name: string) =>
    own.some((one) => (one.endsWith('/') ? name.startsWith(one) : name === one));
  const foreign = guarded(path, () => filesBelow(path)).filter((name) => !isOwn(name));
  if (foreign.length === 0) return;
  const shown = foreign.slice(0, N_FOREIGN_SHOWN).join(', ');
  const more = foreign.length > N_FOREIGN_SHOWN ? ` and ${foreign.length - N_FOREIGN_SHOWN} more` : '';
  throw new EnvironmentError(
    `${path} holds files that Wavetank did not write (${shown}${more}): choose another folder with --out, or --force to replace it with all that is in it`,
  );
}

function ownFiles(path: string): readonly string[] {
  try {
    const { files } = JSON.parse(readFileSync(join(path, MARKER), 'utf8')) as { files?: unknown };
    return Array.isArray(files) ? files.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

function filesBelow(path: string): string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const inner = join(folder, entry.name);
      if (entry.isDirectory()) walk(inner);
      else found.push(relative(path, inner));
    }
  };
  walk(path);
  return found.sort(compareStrings);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/** Does what needs the disk; what the disk refuses is told in words. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new EnvironmentError(`${path} cannot be written: ${REASONS[code] ?? message}`);
  }
}
