import { describe, expect, it } from 'vitest';
import { clusterOf, cycleOf, nodeOf, podOf } from '../testing/plugin-probe.ts';
import { type AnyPlugin, Profile } from './profile.ts';
import { runScore } from './score-run.ts';
import { CycleError, errorStatus } from './status.ts';

const cluster = clusterOf([nodeOf('a'), nodeOf('b'), nodeOf('c')]);
const cycle = cycleOf(cluster, podOf({}));
const FEASIBLE = Int32Array.of(2, 0);
const profileOf = (plugins: readonly AnyPlugin[], weights: Record<string, number> = {}) =>
  new Profile({ schedulerName: 'test', plugins, weights });
/** Scores node by row. */
const scoring = (name: string, scores: readonly number[], more: Partial<AnyPlugin> = {}): AnyPlugin => ({
  name,
  score: (_, node) => scores[node]!,
  ...more,
});

describe('Score', () => {
  it('sums the scores of the feasible nodes by weight, in their order', () => {
    const plugins = [scoring('x', [1, 2, 3]), scoring('y', [10, 20, 30])];
    const { totals } = runScore(profileOf(plugins, { x: 3 }), cycle, FEASIBLE);
    expect([...totals]).toEqual([39, 13]);
  });

  it('normalizes before it weighs, and keeps raw scores if asked', () => {
    const half = scoring('x', [10, 0, 50], {
      normalize: (_, scores) =>
        scores.forEach((s, i) => {
          scores[i] = s / 2;
        }),
    });
    const [kept] = runScore(profileOf([half], { x: 2 }), cycle, FEASIBLE, true).plugins;
    expect([[...kept!.raw!], [...kept!.normalized], kept!.weight]).toEqual([[50, 10], [25, 5], 2]);
    const { totals, plugins } = runScore(profileOf([half], { x: 2 }), cycle, FEASIBLE);
    expect([[...totals], plugins[0]!.raw]).toEqual([[50, 10], undefined]);
  });

  it('hands each plugin what its PreScore made of the feasible nodes', () => {
    const counting = scoring('x', [], {
      preScore: (_, feasible) => ({ state: feasible.length }),
      score: (n) => n,
    });
    expect([...runScore(profileOf([counting]), cycle, FEASIBLE).totals]).toEqual([2, 2]);
  });

  it('leaves out plugins whose PreScore skips', () => {
    const skipping = scoring('x', [1, 1, 1], { preScore: () => ({ skip: true }) });
    const { totals, plugins, skipped } = runScore(
      profileOf([skipping, scoring('y', [5, 5, 5])]),
      cycle,
      FEASIBLE,
    );
    expect([...totals]).toEqual([5, 5]);
    expect([plugins.map(({ name }) => name), [...skipped]]).toEqual([['y'], [skipping]]);
  });

  it.each([
    ['below 0', -1],
    ['above 100', 101],
    ['no number', Number.NaN],
  ])('fails the attempt by a score that is %s', (_, score) => {
    const attempt = () => runScore(profileOf([scoring('x', [score, 0, 0])]), cycle, FEASIBLE);
    expect(attempt).toThrow(CycleError);
    expect(attempt).toThrow(`plugin x returns an invalid score ${score}`);
  });

  it('fails the attempt by a failing PreScore', () => {
    const failing = scoring('x', [], { preScore: () => ({ status: errorStatus('x', 'broken') }) });
    expect(() => runScore(profileOf([failing]), cycle, FEASIBLE)).toThrow('broken');
  });
});
