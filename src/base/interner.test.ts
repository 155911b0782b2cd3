import { expect, test } from 'vitest';
import { BugError } from './assert.ts';
import { Interner } from './interner.ts';

test('numbers names in order of appearance and finds them again', () => {
  const zones = new Interner();
  expect(['b', 'a', 'b', ''].map((name) => zones.idOf(name))).toEqual([0, 1, 0, 2]);
  expect(zones.size).toBe(3);
  expect([0, 1, 2].map((id) => zones.name(id))).toEqual(['b', 'a', '']);
  expect(zones.find('a')).toBe(1);
  expect(zones.find('__proto__')).toBe(-1);
  expect(zones.size).toBe(3);
  expect(() => zones.name(3)).toThrow(BugError);
});
