import { describe, expect, it } from 'vitest';
import { type Candidate, compareCandidates } from './ranking.ts';

const pod = (usedBytes: number, requestedBytes: number, priority = 0, uid = 1): Candidate => ({
  usedBytes,
  requestedBytes,
  priority,
  uid,
});

const PAIRS: [sentence: string, first: Candidate, second: Candidate][] = [
  [
    'who uses more than it requests goes before who does not, whatever the priority',
    pod(11, 10, 1000),
    pod(10, 10, 0),
  ],
  ['of two that exceed, the lower priority goes first', pod(11, 10, 0), pod(99, 10, 5)],
  ['of equal priority, who exceeds by more goes first', pod(30, 10), pod(25, 10)],
  ['of two that do not exceed, too, the lower priority goes first', pod(1, 10, 0), pod(9, 10, 5)],
  ['then who is nearest to its request', pod(9, 10), pod(1, 10)],
  ['of equals, who came first goes first', pod(9, 10, 0, 3), pod(9, 10, 0, 4)],
];

describe('eviction', () => {
  it.each(PAIRS)('%s', (_sentence, first, second) => {
    expect([second, first].sort(compareCandidates)).toEqual([first, second]);
    expect([first, second].sort(compareCandidates)).toEqual([first, second]);
  });
});
