import { describe, expect, it } from 'vitest';
import { resolvePath, valueAt, withValueAt } from './paths.ts';

const scenario = { a: { b: 1 }, list: [{ name: 'x', n: 1 }, { name: '7', n: 2 }, { only: { deep: 3 } }] };

describe('resolvePath', () => {
  it.each([
    ['a.b', ['a', 'b']],
    ['a.new', ['a', 'new']],
    ['list.x.n', ['list', 0, 'n']],
    ['list.1.n', ['list', 1, 'n']],
    ['list.only.deep', ['list', 2, 'only', 'deep']],
  ])('%s', (dotted, path) => {
    expect(resolvePath(scenario, dotted)).toEqual(path);
  });

  it.each([
    ['list.n', 'list.n: there is no "n"'],
    ['c.b', 'c.b: there is no "c"'],
    ['a.b.c', 'a.b.c: there is no "c"; nothing lies below'],
    ['a..b', 'a..b: there is no ""'],
    ['', 'there is no ""'],
    ['list.7.n', 'there is no "7"'],
  ])('refuses %j', (dotted, message) => {
    expect(() => resolvePath(scenario, dotted)).toThrow(message);
  });
});

describe('withValueAt', () => {
  it('copies what is on the path and shares the rest', () => {
    const changed = withValueAt(scenario, ['list', 0, 'n'], 9);
    expect(valueAt(changed, ['list', 0, 'n'])).toBe(9);
    expect(valueAt(changed, ['list', 1])).toBe(scenario.list[1]);
    expect(scenario.list[0]).toEqual({ name: 'x', n: 1 });
    expect(valueAt(scenario, ['list', 5, 'n'])).toBeUndefined();
  });
});
