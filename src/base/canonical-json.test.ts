import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('does not depend on the order of keys, at any depth', () => {
    const a = { b: [{ y: 1, x: 2 }], a: null };
    const b = { a: null, b: [{ x: 2, y: 1 }] };
    expect(canonicalJson(a)).toBe('{"a":null,"b":[{"x":2,"y":1}]}');
    expect(canonicalJson(b)).toBe(canonicalJson(a));
    expect(digestOf(b)).toBe(digestOf(a));
  });

  it('depends on the order of lists and on types', () => {
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
  });

  it('leaves undefined fields out', () => expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}'));
});
