import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../default-profile.ts';
import { type AnyPlugin, Profile } from './profile.ts';

const filter = () => undefined;
const score = () => 0;
const x: AnyPlugin = { name: 'x', filter, score };
const y: AnyPlugin = { name: 'y', filter };
const names = (plugins: readonly AnyPlugin[]) => plugins.map(({ name }) => name);

describe('a profile', () => {
  it('lets plugins serve where they can, in their order', () => {
    const profile = new Profile({ schedulerName: 's', plugins: [y, x] });
    expect([names(profile.filter), names(profile.preFilter)]).toEqual([['y', 'x'], []]);
    expect(profile.score).toEqual([{ plugin: x, weight: 1 }]);
  });

  it('follows an order of its own at an extension point, which may leave plugins out', () => {
    const profile = new Profile({
      schedulerName: 's',
      plugins: [y, x],
      order: { filter: ['x', 'y'], score: [] },
    });
    expect([names(profile.filter), profile.score]).toEqual([['x', 'y'], []]);
  });

  it('takes a weight of 0 for none said', () => {
    expect(new Profile({ schedulerName: 's', plugins: [x], weights: { x: 0 } }).score[0]!.weight).toBe(1);
    expect(new Profile({ schedulerName: 's', plugins: [x], weights: { x: 7 } }).score[0]!.weight).toBe(7);
  });

  it('of kube-scheduler scores with these weights', () => {
    const weights = defaultProfile().score.map(({ plugin, weight }) => [plugin.name, weight]);
    expect(Object.fromEntries(weights)).toMatchObject({
      TaintToleration: 3,
      NodeAffinity: 2,
      PodTopologySpread: 2,
      InterPodAffinity: 2,
      NodeResourcesFit: 1,
      NodeResourcesBalancedAllocation: 1,
      ImageLocality: 1,
    });
  });
});
