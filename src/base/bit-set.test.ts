import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitSet } from './bit-set.ts';

const members = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.array(fc.nat(199), { maxLength: 80 }));

function build([size, list]: [number, number[]]): { bits: BitSet; set: Set<number> } {
  const bits = new BitSet(size);
  const kept = list.filter((i) => i < size);
  for (const i of kept) bits.set(i);
  return { bits, set: new Set(kept) };
}

function listOf(bits: BitSet): number[] {
  const list: number[] = [];
  for (let i = bits.nextSet(0); i >= 0; i = bits.nextSet(i + 1)) list.push(i);
  return list;
}

const sorted = (set: Iterable<number>) => [...set].sort((a, b) => a - b);

test('holds what was set, and counts, ranks and selects it', () => {
  fc.assert(
    fc.property(members, (input) => {
      const { bits, set } = build(input);
      const expected = sorted(set);
      expect(listOf(bits)).toEqual(expected);
      expect(bits.count()).toBe(expected.length);
      for (let i = 0; i <= 201; i++) {
        expect(bits.has(i)).toBe(set.has(i));
        expect(bits.rank(i)).toBe(expected.filter((m) => m < i).length);
      }
      expected.forEach((member, k) => {
        expect(bits.select(k)).toBe(member);
      });
      expect(bits.select(expected.length)).toBe(-1);
    }),
  );
});

test('and, andNot, or and copyFrom agree with sets, whatever the sizes', () => {
  fc.assert(
    fc.property(members, members, (a, b) => {
      const other = build(b);
      const cases: [keyof BitSet & ('and' | 'andNot' | 'or' | 'copyFrom'), (x: Set<number>) => number[]][] = [
        ['and', (x) => [...x].filter((i) => other.set.has(i))],
        ['andNot', (x) => [...x].filter((i) => !other.set.has(i))],
        ['or', (x) => [...new Set([...x, ...other.set])]],
        ['copyFrom', () => [...other.set]],
      ];
      for (const [verb, reference] of cases) {
        const { bits, set } = build(a);
        bits[verb](other.bits);
        expect(listOf(bits)).toEqual(sorted(reference(set)));
        expect(bits.count()).toBe(reference(set).length);
      }
    }),
  );
});

test('fill makes exactly the positions below the size members, and clear and reset take them out', () => {
  for (const size of [0, 1, 31, 32, 33, 64, 100]) {
    const bits = new BitSet(size);
    bits.fill();
    expect(bits.count()).toBe(size);
    expect(bits.nextSet(size)).toBe(-1);
    bits.clear(size - 1);
    bits.clear(size + 7);
    expect(bits.count()).toBe(Math.max(0, size - 1));
    bits.reset();
    expect(bits.count()).toBe(0);
  }
});

test('growing keeps members and adds none', () => {
  const bits = new BitSet(3);
  bits.fill();
  bits.set(1000);
  expect(listOf(bits)).toEqual([0, 1, 2, 1000]);
  expect(bits.size).toBe(1001);
});
