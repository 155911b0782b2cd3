// Which types of the catalogue words mean: names, patterns with * and ?, and groups (a provider, an architecture). As in
// .gitignore, a ! takes away from what the words before it mean.
import { nearestName } from '../base/nearest.ts';
import type { Catalog } from './catalog.ts';
import type { InstanceType } from './instance-type.ts';

export interface SelectedTypes {
  /** In the order of the words, and of the catalogue within one; each once. */
  readonly types: readonly InstanceType[];
  /** The types that a word names outright. */
  readonly named: ReadonlySet<InstanceType>;
  /** By position of the word: what is wrong with it. */
  readonly problems: ReadonlyMap<number, string>;
}

export function selectTypes(catalog: Catalog, words: readonly string[]): SelectedTypes {
  const types = new Set<InstanceType>();
  const named = new Set<InstanceType>();
  const problems = new Map<number, string>();
  for (const [i, text] of words.entries()) {
    const isTakenAway = text.startsWith('!');
    const word = isTakenAway ? text.slice(1) : text;
    const found = catalog.types.filter(isMeantBy(word));
    if (found.length === 0) problems.set(i, unknownText(word, catalog.types));
    for (const type of found) {
      if (isTakenAway) types.delete(type);
      else types.add(type);
      if (type.name === word && !isTakenAway) named.add(type);
    }
  }
  return { types: [...types], named, problems };
}

function isMeantBy(word: string): (type: InstanceType) => boolean {
  if (!isPattern(word)) return ({ name, provider, arch }) => [name, provider, arch].includes(word);
  const source = word
    .replaceAll(/[.+^$()|[\]{}\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const whole = new RegExp(`^${source}$`, 'u');
  return ({ name }) => whole.test(name);
}

function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

function unknownText(word: string, types: readonly InstanceType[]): string {
  if (!isPattern(word)) {
    const groups = types.flatMap(({ provider, arch }) => [provider, arch]);
    const nearest = nearestName(word, new Set([...types.map(({ name }) => name), ...groups]));
    const hint = nearest === undefined ? 'give it with --catalog' : `did you mean "${nearest}"?`;
    return `the catalogue has no instance type "${word}"; ${hint}`;
  }
  const start = /^[^*?]*/.exec(word)![0];
  const starts = new Set(types.map(({ name }) => name.slice(0, start.length)));
  const nearest = start === '' ? undefined : nearestName(start, starts);
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}${word.slice(start.length)}"?`;
  return `no instance type of the catalogue matches "${word}"${hint}`;
}
