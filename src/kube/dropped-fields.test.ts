import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strategicMergePatch } from './apply-patch.ts';
import { droppedFields } from './dropped-fields.ts';
import type { KubeObject } from './types.ts';

describe('fields that an apply takes away', () => {
  it.each([
    [
      'a field that is gone',
      { spec: { replicas: 3, paused: true } },
      { spec: { replicas: 3 } },
      { spec: { paused: null } },
    ],
    ['a mapping that is gone', { spec: { a: { b: 1 } } }, { spec: {} }, { spec: { a: null } }],
    ['a field set to null', { spec: { a: 1 } }, { spec: { a: null } }, { spec: { a: null } }],
    ['a changed value', { spec: { a: 1 } }, { spec: { a: 2 } }, {}],
    [
      'an item of a list that has a key',
      { containers: [{ name: 'a' }, { name: 'b' }] },
      { containers: [{ name: 'b' }] },
      { containers: [{ name: 'a', $patch: 'delete' }] },
    ],
    [
      'a field of such an item',
      { containers: [{ name: 'a', tty: true, image: 'i' }] },
      { containers: [{ name: 'a', image: 'j' }] },
      { containers: [{ name: 'a', tty: null }] },
    ],
    ['an item of a list without keys, which is replaced', { args: ['a', 'b'] }, { args: ['b'] }, {}],
    [
      'a value of a list that is merged',
      { finalizers: ['a', 'b'] },
      { finalizers: ['b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a'] },
    ],
  ])('are %s', (_title, before, after, patch) => {
    expect(droppedFields(before, after)).toEqual(patch);
  });

  const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'));
  const named = <T>(more: fc.Arbitrary<T>) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('x', 'y', 'z'), more), { selector: ([name]) => name })
      .map((items) =>
        items.map(([name, fields]) => ({ name, ...fields })).sort((a, b) => (a.name < b.name ? -1 : 1)),
      );
  const container = fc.record(
    {
      image: fc.constantFrom('i', 'j'),
      env: named(fc.record({ value: fc.constantFrom('1', '2') })),
      args: fc.array(fc.constantFrom('p', 'q')),
    },
    { requiredKeys: [] },
  );
  const object = fc.record({
    kind: fc.constant('Pod'),
    metadata: fc.record({ labels }, { requiredKeys: [] }),
    spec: fc.record({ containers: named(container), paused: fc.boolean() }, { requiredKeys: ['containers'] }),
  });

  /** Merging keeps the order of what was there: it is no part of the answer. */
  const sorted = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, member) =>
        Array.isArray(member) && member.every((item) => item?.name !== undefined)
          ? [...member].sort((a, b) => (a.name < b.name ? -1 : 1))
          : member,
      ),
    );

  it('are all there is between one apply and the next, if nobody else has changed the object', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const old = before as unknown as KubeObject;
        const kept = strategicMergePatch(old, droppedFields(before, after));
        expect(sorted(strategicMergePatch(kept, after))).toEqual(sorted(after));
      }),
      { numRuns: 300 },
    );
  });
});
