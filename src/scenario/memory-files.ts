/** Files held in memory: for the library, for pages in the browser, and for tests. */
import { InputError } from '../base/errors.ts';
import type { Files } from './files.ts';

/**
 * @param texts content by path. A pattern names a path exactly, or with `*` for a part of it, or a folder.
 */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  const read = (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw new InputError([{ file: path, message: 'there is no such file' }]);
    return text;
  };
  return {
    read: async (path) => read(path),
    async *lines(path) {
      yield* read(path).split(/\r?\n/);
    },
    expand: async (pattern) => Object.keys(texts).filter(matcher(pattern)).sort(),
    searched: () => 'among the files in memory',
  };
}

function matcher(pattern: string): (path: string) => boolean {
  const escaped = pattern.replace(/\/$/, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const regExp = new RegExp(`^${escaped.replace(/\*\*?/g, '[^/]*')}(/.*)?$`);
  return (path) => regExp.test(path);
}
