import { describe, expect, it } from 'vitest';
import { NumberedName, numberedName } from './pod-name.ts';

describe('numberedName', () => {
  it.each([
    ['web-7', 'web-', 7],
    ['web-0', 'web-', 0],
    ['a-1-20', 'a-1-', 20],
    ['42', '', 42],
  ])('takes %s apart', (name, prefix, number) => {
    expect(numberedName(name)).toEqual(new NumberedName(prefix, number));
    expect(numberedName(name)?.toString()).toBe(name);
  });

  it.each(['web', 'web-', 'web-07', 'web-00', '007', 'web-1a', ''])('finds no number in %j', (name) => {
    expect(numberedName(name)).toBeUndefined();
  });
});
