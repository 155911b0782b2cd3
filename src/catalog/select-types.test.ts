import { describe, expect, it } from 'vitest';
import { BUILT_IN, Catalog } from './catalog.ts';
import { selectTypes } from './select-types.ts';

const catalog = new Catalog();
const namesOf = (...words: string[]) => selectTypes(catalog, words).types.map(({ name }) => name);

describe('selectTypes', () => {
  it('takes names, patterns, providers and architectures, each type once, in the order of the words', () => {
    expect(namesOf('m6i.xlarge', 'm6i.*', 'm6i.large')).toEqual([
      'm6i.xlarge',
      'm6i.large',
      'm6i.2xlarge',
      'm6i.4xlarge',
      'm6i.8xlarge',
    ]);
    expect(namesOf('c7g.?xlarge')).toEqual(['c7g.2xlarge', 'c7g.4xlarge']);
    expect(namesOf('gcp')).toEqual(
      BUILT_IN.filter(({ provider }) => provider === 'gcp').map(({ name }) => name),
    );
    expect(namesOf('*')).toHaveLength(BUILT_IN.length);
    expect(namesOf('arm64', 'amd64')).toHaveLength(BUILT_IN.length);
  });

  it('takes away what follows a !', () => {
    expect(namesOf('m6*', '!arm64', '!m6i.?xlarge')).toEqual(['m6i.large', 'm6i.xlarge']);
    expect(namesOf('m6i.large', '!aws', 'm6i.xlarge')).toEqual(['m6i.xlarge']);
    expect(namesOf('!t3.*')).toEqual([]);
  });

  it('means the whole name, and a dot by a dot', () => {
    expect(namesOf('m5.*', '!m5.?xlarge', '!m5.??xlarge')).toEqual(['m5.large', 'm5.xlarge']);
    expect(selectTypes(catalog, ['m6i?larg*', 'm6ixlarge']).problems.size).toBe(1);
  });

  it('knows which types are named outright', () => {
    const { types, named } = selectTypes(catalog, ['m6i.*', 'm6i.large', '!m5.large']);
    expect(types.filter((type) => named.has(type)).map(({ name }) => name)).toEqual(['m6i.large']);
  });

  it.each([
    ['m6i.xlrage', 'the catalogue has no instance type "m6i.xlrage"; did you mean "m6i.xlarge"?'],
    ['awz', 'the catalogue has no instance type "awz"; did you mean "aws"?'],
    ['!mainframe', 'the catalogue has no instance type "mainframe"; give it with --catalog'],
    ['m6x.*', 'no instance type of the catalogue matches "m6x.*"; did you mean "m6i.*"?'],
    ['*.nano', 'no instance type of the catalogue matches "*.nano"'],
  ])('says what is wrong with %s', (word, expected) => {
    expect([...selectTypes(catalog, ['aws', word]).problems]).toEqual([[1, expected]]);
  });
});
