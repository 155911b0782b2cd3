import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isEmptySelector,
  matchesLabelSelector,
  matchesMap,
  matchesNodeAffinity,
  matchesNodeSelector,
  matchesRequirement,
  parseInt64,
} from './selector.ts';
import { findUntoleratedTaint, tolerates } from './tolerations.ts';
import type { LabelSelectorOperator, NodeSelectorOperator, Toleration } from './types.ts';

const labels = { app: 'web', gen: '7', empty: '', big: '9223372036854775808' };

describe('one expression', () => {
  const cases: [string, string, NodeSelectorOperator, string[] | undefined, boolean][] = [
    ['In matches one of its values', 'app', 'In', ['db', 'web'], true],
    ['In does not match another value', 'app', 'In', ['db'], false],
    ['In with the empty value needs the label', 'none', 'In', [''], false],
    ['In with the empty value matches an empty label', 'empty', 'In', [''], true],
    ['In without values matches nothing', 'app', 'In', undefined, false],
    ['NotIn matches an absent label', 'none', 'NotIn', ['x'], true],
    ['NotIn refuses a listed value', 'app', 'NotIn', ['web'], false],
    ['NotIn without values is malformed', 'none', 'NotIn', [], false],
    ['Exists matches an empty label', 'empty', 'Exists', undefined, true],
    ['Exists with values is malformed', 'app', 'Exists', ['web'], false],
    ['DoesNotExist matches an absent label', 'none', 'DoesNotExist', undefined, true],
    ['DoesNotExist refuses a present label', 'app', 'DoesNotExist', undefined, false],
    ['Gt compares integers, not strings', 'gen', 'Gt', ['10'], false],
    ['Gt matches a larger number', 'gen', 'Gt', ['6'], true],
    ['Gt is strict', 'gen', 'Gt', ['7'], false],
    ['Lt matches a smaller number', 'gen', 'Lt', ['8'], true],
    ['Lt on text matches nothing', 'app', 'Lt', ['8'], false],
    ['Lt on an absent label matches nothing', 'none', 'Lt', ['8'], false],
    ['Gt on a label beyond int64 matches nothing', 'big', 'Gt', ['1'], false],
    ['Gt with two values is malformed', 'gen', 'Gt', ['1', '2'], false],
    ['Gt with a fraction matches nothing', 'gen', 'Gt', ['1.5'], false],
  ];
  test.each(cases)('%s', (_, key, operator, values, expected) => {
    expect(matchesRequirement({ key, operator, ...(values && { values }) }, labels)).toBe(expected);
  });

  test('labels that share names with object members are not inherited', () => {
    expect(matchesRequirement({ key: 'constructor', operator: 'Exists' }, {})).toBe(false);
  });
});

describe('label selectors', () => {
  test('a missing selector matches nothing and an empty one everything', () => {
    expect(matchesLabelSelector(undefined, labels)).toBe(false);
    expect(matchesLabelSelector(null, labels)).toBe(false);
    expect(matchesLabelSelector({}, labels)).toBe(true);
    expect(matchesLabelSelector({}, undefined)).toBe(true);
    expect(isEmptySelector({ matchLabels: {}, matchExpressions: [] })).toBe(true);
    expect(isEmptySelector({ matchLabels: { a: 'b' } })).toBe(false);
  });

  test('labels and expressions are both required', () => {
    const matchExpressions = [{ key: 'gen', operator: 'Exists' as const }];
    expect(matchesLabelSelector({ matchLabels: { app: 'web' }, matchExpressions }, labels)).toBe(true);
    expect(matchesLabelSelector({ matchLabels: { app: 'db' }, matchExpressions }, labels)).toBe(false);
    expect(matchesLabelSelector({ matchLabels: { app: 'web' }, matchExpressions }, { app: 'web' })).toBe(
      false,
    );
  });

  test('a map compares values exactly', () => {
    expect(matchesMap({ app: 'web' }, labels)).toBe(true);
    expect(matchesMap({ app: '' }, {})).toBe(false);
    expect(matchesMap(undefined, labels)).toBe(true);
  });

  test('an operator and its opposite never agree', () => {
    const opposites: [LabelSelectorOperator, LabelSelectorOperator, boolean][] = [
      ['In', 'NotIn', true],
      ['Exists', 'DoesNotExist', false],
    ];
    const word = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.dictionary(word, word),
        word,
        fc.uniqueArray(word, { minLength: 1 }),
        (map, key, some) => {
          for (const [one, other, withValues] of opposites) {
            const values = withValues ? some : [];
            const first = matchesRequirement({ key, operator: one, values }, map);
            expect(matchesRequirement({ key, operator: other, values }, map)).toBe(!first);
          }
        },
      ),
    );
  });
});

describe('node selectors', () => {
  const inWeb = { matchExpressions: [{ key: 'app', operator: 'In' as const, values: ['web'] }] };
  const named = (operator: 'In' | 'NotIn', ...values: string[]) => ({
    matchFields: [{ key: 'metadata.name', operator, values }],
  });
  test.each([
    ['one matching term is enough', [{ matchExpressions: [] }, inWeb], true],
    ['an empty term matches nothing', [{}], false],
    ['no term matches nothing', [], false],
    ['the name field matches', [named('In', 'n1')], true],
    ['the name field can exclude', [named('NotIn', 'n1')], false],
    ['the name field takes one value', [named('In', 'n1', 'n2')], false],
    ['fields and expressions are both required', [{ ...inWeb, ...named('In', 'n2') }], false],
  ])('%s', (_, nodeSelectorTerms, expected) => {
    expect(matchesNodeSelector({ nodeSelectorTerms }, labels, 'n1')).toBe(expected);
  });

  test('nodeSelector and required affinity are both required', () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels } };
    const required = (values: string[]) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'gen', operator: 'In' as const, values }] }],
        },
      },
    });
    expect(matchesNodeAffinity({}, node)).toBe(true);
    expect(matchesNodeAffinity({ nodeSelector: { app: 'web' }, affinity: required(['7']) }, node)).toBe(true);
    expect(matchesNodeAffinity({ nodeSelector: { app: 'web' }, affinity: required(['8']) }, node)).toBe(
      false,
    );
    expect(matchesNodeAffinity({ nodeSelector: { app: 'db' }, affinity: required(['7']) }, node)).toBe(false);
  });
});

test.each([
  ['12', 12n],
  ['+12', 12n],
  ['-9223372036854775808', -(2n ** 63n)],
  ['9223372036854775808', undefined],
  ['1_000', undefined],
  [' 1', undefined],
  ['', undefined],
])('%j as an int64 is %s', (text, expected) => {
  expect(parseInt64(text)).toBe(expected);
});

describe('tolerations', () => {
  const taint = { key: 'pool', value: 'batch', effect: 'NoSchedule' as const };
  const cases: [string, Toleration, boolean][] = [
    [
      'equal key, value and effect',
      { key: 'pool', operator: 'Equal', value: 'batch', effect: 'NoSchedule' },
      true,
    ],
    ['an empty operator means Equal', { key: 'pool', value: 'batch' }, true],
    ['an empty effect means all effects', { key: 'pool', operator: 'Exists' }, true],
    ['an empty key with Exists tolerates all', { operator: 'Exists' }, true],
    ['an empty key with Equal compares the value only', { operator: 'Equal', value: 'batch' }, true],
    ['an empty key with another value does not', { operator: 'Equal', value: 'other' }, false],
    ['another effect does not', { key: 'pool', operator: 'Exists', effect: 'NoExecute' }, false],
    ['another key does not', { key: 'other', operator: 'Exists' }, false],
    ['another value does not', { key: 'pool', value: 'web' }, false],
    ['Gt tolerates nothing', { key: 'pool', operator: 'Gt', value: '1' }, false],
  ];
  test.each(cases)('%s', (_, toleration, expected) => {
    expect(tolerates(toleration, taint)).toBe(expected);
  });

  test('a taint without value equals a toleration without value', () => {
    expect(tolerates({ key: 'a', operator: 'Equal' }, { key: 'a', effect: 'NoExecute' })).toBe(true);
  });

  test('the first untolerated taint of the asked effects is found', () => {
    const soft = { key: 'soft', effect: 'PreferNoSchedule' as const };
    expect(findUntoleratedTaint([soft, taint])).toBe(taint);
    expect(findUntoleratedTaint([soft], [], ['PreferNoSchedule'])).toBe(soft);
    expect(findUntoleratedTaint([taint], [{ operator: 'Exists' }])).toBeUndefined();
  });
});
