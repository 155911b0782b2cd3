import { expect, test } from 'vitest';
import { formatProblem, InputError, inOrder, type Problem } from './errors.ts';

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

test('problems are told once, the named files first, by line and column', () => {
  const told = [
    { file: 'b', line: 10, column: 1, message: 'x' },
    { file: 'a', line: 2, column: 7, message: 'x' },
    { file: 'b', line: 9, column: 2, message: 'x' },
    { file: 'a', line: 2, column: 3, message: 'x' },
    { file: 'b', line: 10, column: 1, message: 'x' },
    { message: 'x' },
  ];
  expect(inOrder(told, ['b']).map(formatProblem)).toEqual([
    'b:9:2: x',
    'b:10:1: x',
    'x',
    'a:2:3: x',
    'a:2:7: x',
  ]);
});
