import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { TestFolder } from '../../test/support/cli.ts';
import { DiskFiles } from './disk-files.ts';

const folder = new TestFolder({
  'scenario.yaml': '',
  'k8s/a.yaml': 'a',
  'k8s/b.yml': 'b',
  'k8s/c.json.gz': gzipSync('c'),
  'k8s/notes.txt': 'no manifest',
  'k8s/.hidden.yaml': 'hidden',
  'k8s/deep/er/d.yaml': 'd',
  'data/jobs.csv': '1\n2\r\n3',
  'data/k8s/shadowed.yaml': '',
  'umlaut.txt.gz': gzipSync('ü'.repeat(100_000)),
});
afterAll(() => folder.remove());

const base = `${folder.path}/scenario.yaml`;
const files = new DiskFiles(`${folder.path}/data`);
const expand = async (pattern: string) =>
  (await files.expand(pattern, base)).map((path) => path.slice(folder.path.length + 1));

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('DiskFiles', () => {
  it.each([
    ['a file', 'k8s/a.yaml', ['k8s/a.yaml']],
    ['a star', 'k8s/*.yaml', ['k8s/a.yaml']],
    ['a question mark', 'k8s/?.y*ml', ['k8s/a.yaml', 'k8s/b.yml']],
    ['a set', 'k8s/[ab].*', ['k8s/a.yaml', 'k8s/b.yml']],
    ['a set of what is not wanted', 'k8s/[!a].y*ml', ['k8s/b.yml']],
    ['braces', 'k8s/{a,b}.{yaml,yml}', ['k8s/a.yaml', 'k8s/b.yml']],
    [
      'folders at any depth',
      '**/*.yaml',
      ['data/k8s/shadowed.yaml', 'k8s/a.yaml', 'k8s/deep/er/d.yaml', 'scenario.yaml'],
    ],
    ['any depth in the middle', 'k8s/**/d.yaml', ['k8s/deep/er/d.yaml']],
    ['a star for a folder', 'k8s/*/er/*', ['k8s/deep/er/d.yaml']],
    ['a hidden file, when asked for', 'k8s/.*.yaml', ['k8s/.hidden.yaml']],
    [
      'a folder: all its manifests',
      'k8s',
      ['k8s/a.yaml', 'k8s/b.yml', 'k8s/c.json.gz', 'k8s/deep/er/d.yaml'],
    ],
    ['a file of the data folder', 'jobs.csv', ['data/jobs.csv']],
    ['the way up', 'k8s/../data/*.csv', ['data/jobs.csv']],
    ['nothing', 'k8s/*.toml', []],
    ['a name with a dot in it, which is no wildcard', 'k8s/a?yaml*', ['k8s/a.yaml']],
  ])('finds %s', async (_, pattern, expected) => expect(await expand(pattern)).toEqual(expected));

  it('finds absolute paths and patterns', async () => {
    expect(await expand(`${folder.path}/k8s/a.yaml`)).toEqual(['k8s/a.yaml']);
    expect(await expand(`${folder.path}/k8s/*.yml`)).toEqual(['k8s/b.yml']);
  });

  it('reads texts, unpacked, whole characters even where a piece ends inside one', async () => {
    expect(await files.read(`${folder.path}/k8s/c.json.gz`)).toBe('c');
    expect(await files.read(`${folder.path}/umlaut.txt.gz`)).toBe('ü'.repeat(100_000));
  });

  it('reads lines, the last one without an end too', async () => {
    expect(await collect(files.lines(`${folder.path}/data/jobs.csv`))).toEqual(['1', '2\r', '3']);
  });

  it('says where it has looked', () => {
    expect(new DiskFiles().searched('a/b.yaml')).toBe('in a; name a data folder by --data or WAVETANK_DATA');
    expect(new DiskFiles('d').searched('a/b.yaml')).toBe('in a and in the data folder d');
  });
});
