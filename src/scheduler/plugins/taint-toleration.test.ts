import { describe, expect, it } from 'vitest';
import type { Taint, Toleration } from '../../kube/types.ts';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { taintToleration } from './taint-toleration.ts';

const soft = (key: string): Taint => ({ key, effect: 'PreferNoSchedule' });
const REJECTED = 'UnschedulableAndUnresolvable: node(s) had untolerated taint(s)';

describe('the filter of TaintToleration', () => {
  it.each<[string, Taint[], Toleration[], boolean]>([
    ['passes nodes without taints', [], [], true],
    ['rejects NoSchedule', [{ key: 'k', effect: 'NoSchedule' }], [], false],
    ['rejects NoExecute', [{ key: 'k', effect: 'NoExecute' }], [], false],
    ['passes PreferNoSchedule', [soft('k')], [], true],
    [
      'passes what is tolerated by key and value',
      [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
      [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
      true,
    ],
    [
      'rejects another value',
      [{ key: 'k', value: 'w', effect: 'NoSchedule' }],
      [{ key: 'k', value: 'v', effect: 'NoSchedule' }],
      false,
    ],
    [
      'rejects another effect',
      [{ key: 'k', effect: 'NoExecute' }],
      [{ key: 'k', operator: 'Exists', effect: 'NoSchedule' }],
      false,
    ],
    [
      'wants every taint tolerated',
      [
        { key: 'k', effect: 'NoSchedule' },
        { key: 'l', effect: 'NoSchedule' },
      ],
      [{ key: 'k', operator: 'Exists' }],
      false,
    ],
    [
      'takes a toleration without key for all taints',
      [
        { key: 'k', effect: 'NoSchedule' },
        { key: 'l', value: 'x', effect: 'NoExecute' },
      ],
      [{ operator: 'Exists' }],
      true,
    ],
    [
      'lets a time-limited toleration of NoExecute count',
      [{ key: 'k', effect: 'NoExecute' }],
      [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
      true,
    ],
  ])('%s', (_, taints, tolerations, passes) => {
    const cluster = clusterOf([nodeOf('n', {}, { taints })]);
    const { failed } = probe(taintToleration(), cluster, podOf({}, { tolerations }));
    expect(failed).toEqual(passes ? {} : { n: REJECTED });
  });
});

describe('the score of TaintToleration', () => {
  const cluster = clusterOf([
    nodeOf('clean'),
    nodeOf('one', {}, { taints: [soft('a')] }),
    nodeOf('three', {}, { taints: [soft('a'), soft('b'), soft('c')] }),
  ]);
  const scores = (tolerations: Toleration[]) => {
    const { raw, normalized } = probe(taintToleration(), cluster, podOf({}, { tolerations }));
    return [raw, normalized];
  };

  it('counts soft taints that are not tolerated; few are good, in whole numbers', () => {
    expect(scores([])).toEqual([
      { clean: 0, one: 1, three: 3 },
      { clean: 100, one: 67, three: 0 },
    ]);
  });

  it('leaves out tolerated ones, for which only tolerations of that or of any effect count', () => {
    expect(scores([{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }])[0]).toMatchObject({ three: 3 });
    expect(scores([{ key: 'a', operator: 'Exists' }])).toEqual([
      { clean: 0, one: 0, three: 2 },
      { clean: 100, one: 100, three: 0 },
    ]);
  });

  it('is the best for all where nothing is wrong', () => {
    expect(scores([{ operator: 'Exists' }])[1]).toEqual({ clean: 100, one: 100, three: 100 });
  });
});
