import { describe, expect, it } from 'vitest';
import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../../kube/types.ts';
import { FilterRun } from '../framework/filter-run.ts';
import { Profile } from '../framework/profile.ts';
import { clusterOf, cycleOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodeAffinity } from './node-affinity.ts';

const cluster = clusterOf([
  nodeOf('a', { zone: 'x', size: '10' }),
  nodeOf('b', { zone: 'y', size: '9', gpu: '' }),
  nodeOf('c'),
]);
type Spec = Partial<Pod['spec']>;
const requiring = (...terms: NodeSelectorTerm[]): Spec => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  },
});
const labels = (...matchExpressions: NodeSelectorRequirement[]): NodeSelectorTerm => ({ matchExpressions });
const named = (operator: NodeSelectorRequirement['operator'], ...values: string[]): NodeSelectorTerm => ({
  matchFields: [{ key: 'metadata.name', operator, values }],
});
const passing = (spec: Spec, args = {}) => {
  const { failed } = probe(nodeAffinity(args), cluster, podOf({}, spec));
  return ['a', 'b', 'c'].filter((name) => !(name in failed)).join('');
};

describe('the filter of NodeAffinity', () => {
  it.each<[string, Spec, string]>([
    ['takes a nodeSelector', { nodeSelector: { zone: 'x' } }, 'a'],
    ['takes an empty nodeSelector for none', { nodeSelector: {} }, 'abc'],
    ['takes an empty value for a value', { nodeSelector: { gpu: '' } }, 'b'],
    ['In', requiring(labels({ key: 'zone', operator: 'In', values: ['x', 'y'] })), 'ab'],
    [
      'NotIn holds where there is no label',
      requiring(labels({ key: 'zone', operator: 'NotIn', values: ['x'] })),
      'bc',
    ],
    ['Exists', requiring(labels({ key: 'gpu', operator: 'Exists' })), 'b'],
    ['DoesNotExist', requiring(labels({ key: 'gpu', operator: 'DoesNotExist' })), 'ac'],
    [
      'Gt compares numbers, not texts',
      requiring(labels({ key: 'size', operator: 'Gt', values: ['9'] })),
      'a',
    ],
    [
      'Lt compares numbers, not texts',
      requiring(labels({ key: 'size', operator: 'Lt', values: ['10'] })),
      'b',
    ],
    ['Gt of no number holds nowhere', requiring(labels({ key: 'zone', operator: 'Gt', values: ['1'] })), ''],
    [
      'wants every expression of a term',
      requiring(labels({ key: 'zone', operator: 'Exists' }, { key: 'gpu', operator: 'Exists' })),
      'b',
    ],
    [
      'wants any one of the terms',
      requiring(
        labels({ key: 'gpu', operator: 'Exists' }),
        labels({ key: 'zone', operator: 'In', values: ['x'] }),
      ),
      'ab',
    ],
    ['matches nothing by an empty term', requiring({}), ''],
    ['knows the field metadata.name', requiring(named('In', 'c')), 'c'],
    ['knows metadata.name NotIn', requiring(named('NotIn', 'c')), 'ab'],
    [
      'wants nodeSelector and affinity both',
      { nodeSelector: { zone: 'x' }, ...requiring(labels({ key: 'gpu', operator: 'Exists' })) },
      '',
    ],
  ])('%s', (_, spec, expected) => {
    expect(passing(spec)).toBe(expected);
  });

  it('names the reason, and a reason of its own for what the profile adds', () => {
    const addedAffinity = requiring(labels({ key: 'zone', operator: 'Exists' })).affinity!.nodeAffinity!;
    const { failed } = probe(
      nodeAffinity({ addedAffinity } as never),
      cluster,
      podOf({}, { nodeSelector: { gpu: '' } }),
    );
    const code = 'UnschedulableAndUnresolvable';
    expect(failed).toEqual({
      a: `${code}: node(s) didn't match Pod's node affinity/selector`,
      c: `${code}: node(s) didn't match scheduler-enforced node affinity`,
    });
  });

  it('says nothing about pods that ask for nothing', () => {
    expect(probe(nodeAffinity({}), cluster, podOf({})).skipsFilter).toBe(true);
  });
});

describe('the nodes that NodeAffinity names beforehand', () => {
  const outcome = (spec: Spec, pinnedNode?: string) => {
    const cycle = cycleOf(cluster, podOf({}, spec));
    const profile = new Profile({ schedulerName: 'test', plugins: [nodeAffinity({})] });
    return new FilterRun(profile, { ...cycle, pod: { ...cycle.pod, pinnedNode } }).outcome;
  };
  it.each<[string, Spec, string[] | undefined]>([
    ['are those of metadata.name', requiring(named('In', 'b')), ['b']],
    ['are those of all terms', requiring(named('In', 'b'), named('In', 'a')), ['b', 'a']],
    [
      'are not known if one term names none',
      requiring(named('In', 'b'), labels({ key: 'zone', operator: 'Exists' })),
      undefined,
    ],
    ['are not known from NotIn', requiring(named('NotIn', 'b')), undefined],
  ])('%s', (_, spec, expected) => {
    const { nodeNames } = outcome(spec);
    expect(nodeNames && [...nodeNames]).toEqual(expected);
  });

  it('reject the pod if a term contradicts itself', () => {
    const term = { matchFields: [...named('In', 'a').matchFields!, ...named('In', 'b').matchFields!] };
    expect(outcome(requiring(term)).rejection).toMatchObject({ reasons: ['pod affinity terms conflict'] });
  });

  it('are the one that a pod is pinned to', () => {
    expect([...outcome({}, 'c').nodeNames!]).toEqual(['c']);
  });
});

describe('the score of NodeAffinity', () => {
  const preferring = (...terms: [number, NodeSelectorTerm][]): Spec => ({
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: terms.map(([weight, preference]) => ({
          weight,
          preference,
        })),
      },
    },
  });
  const inX = labels({ key: 'zone', operator: 'In', values: ['x'] });
  const inAny = labels({ key: 'zone', operator: 'Exists' });

  it('adds the weights of preferences met, and scales by the best', () => {
    const { raw, normalized } = probe(
      nodeAffinity({}),
      cluster,
      podOf({}, preferring([20, inX], [10, inAny])),
    );
    expect(raw).toEqual({ a: 30, b: 10, c: 0 });
    expect(normalized).toEqual({ a: 100, b: 33, c: 0 });
  });

  it('lets an empty preference count nothing', () => {
    expect(probe(nodeAffinity({}), cluster, podOf({}, preferring([20, {}]))).raw).toEqual({
      a: 0,
      b: 0,
      c: 0,
    });
  });

  it('is left out without preferences', () => {
    expect(probe(nodeAffinity({}), cluster, podOf({})).raw).toBeUndefined();
  });

  it('counts what the profile prefers for every pod', () => {
    const addedAffinity = preferring([5, inX]).affinity!.nodeAffinity!;
    expect(probe(nodeAffinity({ addedAffinity } as never), cluster, podOf({})).raw).toEqual({
      a: 5,
      b: 0,
      c: 0,
    });
  });
});
