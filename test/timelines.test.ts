import { describe, expect, test } from 'vitest';
import { compareTimelines } from '../src/conformance/timelines/compare.ts';
import { podLives } from '../src/conformance/timelines/pod-lives.ts';
import { NAMES, pairOf, playedText } from './support/timelines.ts';

function mismatchesOf(name: string, seed?: number): string[] {
  const { findings } = compareTimelines(...pairOf(name, seed));
  return findings
    .list()
    .filter(({ nMismatches }) => nMismatches > 0)
    .map(({ kind, owner, firstMismatch }) => `${kind} ${owner}: ${firstMismatch}`);
}

describe('life over time is that of a real control plane', () => {
  let nAtFirst = 0;

  // Requests race each other in the recorded control plane too: two recordings of a script may differ by who came first.
  test.each(NAMES)('%s, in one of five plays', (name) => {
    const first = mismatchesOf(name);
    if (first.length === 0) nAtFirst++;
    else if ([2, 3, 4, 5].every((seed) => mismatchesOf(name, seed).length > 0)) expect(first).toEqual([]);
  });

  test('nearly all agree in the first play', () => {
    expect(nAtFirst).toBeGreaterThanOrEqual(NAMES.length - 2);
  });

  test('all fifteen scripts are there, and those recorded since', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(15);
  });
});

describe('where the limits of clients show', () => {
  test.each(['created', 'scheduled'])('the curve of %s pods of a burst is within 0.05', (transition) => {
    const [recorded, simulated] = pairOf('burst').map((timeline) => {
      const [group] = [...podLives(timeline).groups].filter(([key]) => key.startsWith('ReplicaSet/'));
      return [...group![1].times.get(transition)!].sort((a, b) => a - b);
    }) as [number[], number[]];
    const count = (times: readonly number[], t: number) => times.filter((at) => at <= t).length;
    const total = recorded.length;
    expect(simulated.length).toBe(total);
    const apart = recorded.map((t) => Math.abs(count(recorded, t) - count(simulated, t)) / total);
    expect(Math.max(...apart)).toBeLessThan(0.05);
    expect(Math.abs(simulated.at(-1)! / recorded.at(-1)! - 1)).toBeLessThan(0.05);
  });
});

test('a script played twice gives the same bytes, and with another seed others', () => {
  const startedAt = '2026-11-23T20:25:33.354506099Z';
  const once = playedText('deployment-surge', startedAt);
  expect(playedText('deployment-surge', startedAt)).toBe(once);
  expect(playedText('deployment-surge', startedAt, 77)).not.toBe(once);
});
