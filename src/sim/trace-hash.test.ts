import { expect, test } from 'vitest';
import { TraceHash } from './trace-hash.ts';

function digestOf(...transitions: [timeUs: number, transition: number, identity: number][]): string {
  const clock = { nowUs: 0 };
  const trace = new TraceHash(clock);
  for (const [timeUs, transition, identity] of transitions) {
    clock.nowUs = timeUs;
    trace.add(transition, identity);
  }
  expect(trace.nTransitions).toBe(transitions.length);
  return trace.digest();
}

test('time, transition, identity, order and number of transitions all count', () => {
  const digests = [
    digestOf([1, 2, 3]),
    digestOf([2, 2, 3]),
    digestOf([1, 3, 3]),
    digestOf([1, 2, 4]),
    digestOf([1, 2, 3 + 2 ** 40]),
    digestOf([1 + 2 ** 40, 2, 3]),
    digestOf([1, 2, 3], [1, 2, 4]),
    digestOf([1, 2, 4], [1, 2, 3]),
    digestOf(),
  ];
  expect(new Set(digests).size).toBe(digests.length);
});

test('the same transitions give the same digest, in every version', () => {
  expect(digestOf([1, 2, 3], [4, 5, 6])).toBe(digestOf([1, 2, 3], [4, 5, 6]));
  expect(digestOf([1, 2, 3], [4, 5, 6])).toMatchInlineSnapshot(`"a1550b0ba7b10275"`);
});
