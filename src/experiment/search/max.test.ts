import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import type { Metrics, RunRequest } from '../experiment.ts';
import { driveInOrder, pickerFrom } from '../testing/drivers.ts';
import { type MaxOptions, maxSearch } from './max.ts';

const pointAt = (scale: number) => ({ id: `scale=${scale}`, labels: { scale: `${scale}` }, setting: scale });
const judgeOptions = {
  seed: 's',
  objectives: [{ metric: 'wait', operator: '<=', bound: 10, over: 'mean' }],
  rule: { nMin: 2, nMax: 2 },
  confidence: 0.95,
} as const;

function search(waitAt: (scale: number) => number, options: MaxOptions = {}) {
  const run = ({ point }: RunRequest<number>) => ({ wait: waitAt(point.setting) });
  return driveInOrder(maxSearch(pointAt, options, judgeOptions), run).answer;
}

describe('maxSearch', () => {
  it('finds the edge within the tolerance, from below and from above', () => {
    for (const start of [1, 0.001, 1000, 37.4]) {
      const { scale, missedAt, isMonotone } = search((x) => x / 3.74, { start });
      expect(scale!).toBeLessThanOrEqual(37.4);
      expect(missedAt!).toBeGreaterThan(37.4);
      expect(missedAt! - scale!).toBeLessThanOrEqual(scale! * 0.01);
      expect(isMonotone).toBe(true);
    }
  });

  it('finds whole numbers exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), (edge, start) => {
        const result = search((x) => (x <= edge ? 0 : 11), { isInteger: true, start });
        expect(result).toMatchObject({ scale: edge, missedAt: edge + 1, isMonotone: true });
      }),
    );
  });

  it('says that nothing meets the objectives, and that everything does', () => {
    expect(search(() => 11, { isInteger: true, start: 5 })).toMatchObject({ scale: undefined, missedAt: 1 });
    expect(search(() => 0, { max: 100 })).toMatchObject({ scale: 100, missedAt: undefined });
  });

  it('moves down when a smaller scale misses what a larger one met', () => {
    const result = search((x) => (x > 40 || (x > 18 && x < 22) ? 11 : 0), { start: 32 });
    expect(result.scale!).toBeGreaterThan(17.8);
    expect(result.scale!).toBeLessThanOrEqual(18);
    expect(result.isMonotone).toBe(false);
  });

  it('notices a larger scale that meets what a smaller one missed', () => {
    expect(search((x) => (x > 10 && x < 18 ? 11 : 0), { start: 8, max: 1000 }).isMonotone).toBe(false);
  });

  it('checks scales on both sides of the answer', () => {
    const { judged, scale } = search((x) => x, { start: 8 });
    expect(judged.filter((entry) => entry.scale < scale! * 0.9).length).toBeGreaterThanOrEqual(3);
    expect(judged.filter((entry) => entry.scale > scale! * 1.1).length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['a start outside the limits', { start: 5, max: 4 }, 'start: 5 is not within'],
    ['a negative minimum', { min: -1 }, 'min: -1 is not a positive number'],
    ['fractions of whole scales', { isInteger: true, start: 1.5 }, 'whole numbers'],
  ])('refuses %s', (_name, options, message) => {
    expect(() => search((x) => x, options)).toThrow(message);
  });

  it('refuses to search without an objective', () => {
    expect(() => maxSearch(pointAt, {}, { ...judgeOptions, objectives: [] })).toThrow('no objective');
  });
});

describe('a noisy judge', () => {
  const noisy = { ...judgeOptions, rule: { nMin: 4, nMax: 64 } };
  const run = ({ point, seed, replication }: RunRequest<number>): Metrics => ({
    wait: point.setting * (0.5 + seedrandom.alea(`${seed}/${replication}`)()),
  });

  it('replicates only where the verdict is near', () => {
    const { judged, scale } = driveInOrder(maxSearch(pointAt, { start: 1 }, noisy), run).answer;
    expect(scale!).toBeGreaterThan(8.5);
    expect(scale!).toBeLessThan(11.5);
    expect(judged[0]!.judged.nReplications).toBe(4);
    expect(Math.max(...judged.map((entry) => entry.judged.nReplications))).toBe(64);
    expect(judged.some((entry) => !entry.judged.certain)).toBe(true);
  });

  it('gives the same answer in whatever order runs finish', () => {
    const expected = driveInOrder(maxSearch(pointAt, {}, noisy), run).answer;
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 80 }), (choices) => {
        expect(driveInOrder(maxSearch(pointAt, {}, noisy), run, pickerFrom(choices)).answer).toEqual(
          expected,
        );
      }),
      { numRuns: 20 },
    );
  });
});
