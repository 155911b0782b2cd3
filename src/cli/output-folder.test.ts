import { afterEach, describe, expect, it, vi } from 'vitest';
import { TestFolder } from '../../test/support/cli.ts';
import { EnvironmentError } from '../base/errors.ts';
import { OutputFolder } from './output-folder.ts';

const disk = vi.hoisted(() => ({ failWith: undefined as string | undefined }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const writeSync = (descriptor: number, piece: Uint8Array) => {
    if (disk.failWith === undefined) return fs.writeSync(descriptor, piece);
    throw Object.assign(new Error(`${disk.failWith}: no`), { code: disk.failWith });
  };
  return { ...fs, writeSync };
});

const folder = new TestFolder();
afterEach(() => {
  disk.failWith = undefined;
  folder.remove();
});

const out = () => `${folder.path}/deep/out`;

describe('OutputFolder', () => {
  it('shows nothing before it is complete', () => {
    const output = new OutputFolder(out(), false);
    output.file('a.csv').write(Buffer.from('1\n'));
    output.write('sub/b.json', '{}');
    expect(folder.list('deep')).toEqual([expect.stringMatching(/^\.out\.\d+\.partial$/)]);
    output.commit();
    expect(folder.list('deep')).toEqual(['out']);
    expect(folder.list('deep/out')).toEqual(['.wavetank', 'a.csv', 'sub']);
    expect(folder.read('deep/out/a.csv')).toBe('1\n');
  });

  it('leaves the earlier results when it is given up', () => {
    const first = new OutputFolder(out(), false);
    first.write('a', '1');
    first.commit();
    const second = new OutputFolder(out(), false);
    second.file('a').write(Buffer.from('2'));
    second.abort();
    expect(folder.list('deep')).toEqual(['out']);
    expect(folder.read('deep/out/a')).toBe('1');
  });

  it('replaces an empty folder', () => {
    folder.write('deep/out/x', '');
    folder.remove();
    const output = new OutputFolder(out(), false);
    output.commit();
    expect(folder.list('deep/out')).toEqual(['.wavetank']);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EIO', 'EIO: no'],
  ])('tells of %s in words', (code, words) => {
    const output = new OutputFolder(out(), false);
    const file = output.file('a.csv');
    disk.failWith = code;
    expect(() => file.write(Buffer.from('1'))).toThrow(
      new EnvironmentError(`${out()} cannot be written: ${words}`),
    );
    output.abort();
    expect(folder.list('deep')).toEqual([]);
  });

  it('takes files for its own only if it has written them', () => {
    const first = new OutputFolder(out(), false);
    first.write('a', '');
    first.write('sub/b', '');
    first.commit();
    for (const name of ['c', 'sub/d', 'e', 'f']) folder.write(`deep/out/${name}`, '');
    expect(() => new OutputFolder(out(), false)).toThrow('did not write (c, e, f and 1 more)');
  });
});
