import { expect, test } from 'vitest';
import { formatProblem, InputError, type Problem } from './errors.ts';

test.each<[string, Problem, string]>([
  [
    'everything known',
    { file: 'a.yaml', line: 3, column: 7, path: 'spec.x', message: 'bad' },
    'a.yaml:3:7: spec.x: bad',
  ],
  ['only the file known', { file: 'a.yaml', message: 'is empty' }, 'a.yaml: is empty'],
  ['a line without a column', { file: 'a.csv', line: 3, message: 'bad' }, 'a.csv:3: bad'],
  ['a column without a line says nothing', { file: 'a.csv', column: 3, message: 'bad' }, 'a.csv: bad'],
  ['a path only', { path: 'seed', message: 'bad' }, 'seed: bad'],
  ['a bare message', { message: 'bad' }, 'bad'],
])('%s', (_name, problem, text) => {
  expect(formatProblem(problem)).toBe(text);
});

test('an InputError lists every problem, one a line', () => {
  const error = new InputError([{ file: 'a', line: 1, column: 2, message: 'x' }, { message: 'y' }]);
  expect(error.message).toBe('a:1:2: x\ny');
  expect(error.problems).toHaveLength(2);
  expect(new InputError('just this').problems).toEqual([{ message: 'just this' }]);
});
