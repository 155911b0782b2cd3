import { expect, test } from 'vitest';
import { editDistance, nearestName } from './nearest.ts';

test.each([
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['same', 'same', 0],
  ['replcias', 'replicas', 1],
])('from %j to %j takes %d edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test.each([
  ['a typo', 'replcas', 'replicas'],
  ['swapped letters', 'iamge', 'image'],
  ['the wrong case', 'Seed', 'seed'],
  ['nothing near', 'wurst', undefined],
  ['one letter is never turned into an unrelated word', 'x', undefined],
])('%s: %j gives %j', (_name, name, expected) => {
  expect(nearestName(name, ['image', 'replicas', 'seed'])).toBe(expected);
});

test('the first candidate wins a tie', () => {
  expect(nearestName('cat', ['bat', 'hat'])).toBe('bat');
});
