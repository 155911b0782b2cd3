import { describe, expect, it } from 'vitest';
import { type Life, peakCounts } from './demand-peaks.ts';

const life = (kindIdx: number, fromUs: number, untilUs = Number.POSITIVE_INFINITY): Life => ({
  kindIdx,
  fromUs,
  untilUs,
});
const CPU = [{ cpu: 1 }, { cpu: 3 }];

describe('peakCounts', () => {
  it.each<[string, Life[], Record<string, number>[], number[][]]>([
    ['finds nothing where there is nothing', [], CPU, []],
    [
      'has one set for each resource that is fullest at another time',
      [life(0, 0, 5), life(0, 1, 5), life(1, 6, 9)],
      CPU,
      [
        [2, 0],
        [0, 1],
      ],
    ],
    ['keeps one of equal sets', [life(0, 0), life(1, 1)], CPU, [[1, 1]]],
    ['does not count who leaves together with who comes', [life(0, 0, 5), life(0, 5, 9)], CPU, [[1, 0]]],
    [
      'knows resources that only some ask for',
      [life(0, 0, 2), life(0, 0, 2), life(1, 3, 4)],
      [{ cpu: 1 }, { gpu: 1 }],
      [
        [2, 0],
        [0, 1],
      ],
    ],
  ])('%s', (_, lives, requests, expected) => {
    expect(peakCounts(lives, requests)).toEqual(expected);
  });
});
