import { describe, expect, test } from 'vitest';
import { classicPolicy } from './policy.schema.ts';
import { classicProfile } from './policy.ts';

const profileOf = (policy: object) =>
  classicProfile(classicPolicy.parse({ policy: 'classic-1.16', ...policy }));
const filtersOf = (policy: object) => profileOf(policy).filter.map(({ name }) => name);
const weightsOf = (policy: object) =>
  Object.fromEntries(profileOf(policy).score.map(({ plugin, weight }) => [plugin.name, weight]));

describe('predicates of a policy', () => {
  const rows: [string, object, string[]][] = [
    [
      'are evaluated in the fixed order, whatever the order of the list',
      {
        predicates: [
          { name: 'MatchInterPodAffinity' },
          { name: 'NoDiskConflict' },
          { name: 'GeneralPredicates' },
        ],
      },
      [
        'CheckNodeUnschedulable',
        'GeneralPredicates',
        'NoDiskConflict',
        'PodToleratesNodeTaints',
        'MatchInterPodAffinity',
      ],
    ],
    [
      'cannot leave out taints and cordons',
      { predicates: [] },
      ['CheckNodeUnschedulable', 'PodToleratesNodeTaints'],
    ],
    [
      'cannot leave out node conditions where these are no taints',
      { predicates: [], featureGates: { TaintNodesByCondition: false } },
      ['CheckNodeCondition'],
    ],
    [
      'with arguments keep their names in 1.16 and stand in the place of their kind',
      {
        predicates: [
          { name: 'MaxEBSVolumeCount' },
          { name: 'SameRack', argument: { serviceAffinity: { labels: ['rack'] } } },
          { name: 'Labelled', argument: { labelsPresence: { labels: ['gpu'], presence: true } } },
        ],
      },
      ['CheckNodeUnschedulable', 'PodToleratesNodeTaints', 'Labelled', 'SameRack', 'MaxEBSVolumeCount'],
    ],
    [
      'with the same kind of argument become one in 1.17',
      {
        policy: 'classic-1.17',
        predicates: [
          { name: 'A', argument: { labelsPresence: { labels: ['gpu'], presence: true } } },
          { name: 'B', argument: { labelsPresence: { labels: ['retiring'] } } },
        ],
      },
      ['CheckNodeUnschedulable', 'PodToleratesNodeTaints', 'CheckNodeLabelPresence'],
    ],
    [
      'that are listed twice count once',
      { predicates: [{ name: 'HostName' }, { name: 'HostName' }] },
      ['CheckNodeUnschedulable', 'HostName', 'PodToleratesNodeTaints'],
    ],
  ];
  test.each(rows)('%s', (_, policy, expected) => {
    expect(filtersOf(policy)).toEqual(expected);
  });
});

describe('priorities of a policy', () => {
  test('carry their weights', () => {
    const priorities = [
      { name: 'LeastRequestedPriority', weight: 3 },
      { name: 'EqualPriority', weight: 1 },
    ];
    expect(weightsOf({ priorities })).toEqual({ LeastRequestedPriority: 3, EqualPriority: 1 });
  });

  const preferences = [
    { name: 'Ssd', weight: 5, argument: { labelPreference: { label: 'ssd', presence: true } } },
    { name: 'Old', weight: 5, argument: { labelPreference: { label: 'old' } } },
  ];

  test('over labels stay apart in 1.16', () => {
    expect(weightsOf({ priorities: preferences })).toEqual({ Ssd: 5, Old: 5 });
  });

  test('over labels become one in 1.17, with the sum of the weights', () => {
    expect(weightsOf({ policy: 'classic-1.17', priorities: preferences })).toEqual({ NodeLabel: 10 });
  });

  test('are those of the provider where there is no list', () => {
    expect(weightsOf({ provider: 'ClusterAutoscalerProvider', predicates: [] })).toMatchObject({
      MostRequestedPriority: 1,
      NodePreferAvoidPodsPriority: 10_000,
    });
  });

  test('may be none', () => {
    expect(weightsOf({ priorities: [] })).toEqual({});
  });
});

describe('what is refused', () => {
  const problemsOf = (policy: object) =>
    classicPolicy
      .safeParse({ policy: 'classic-1.17', ...policy })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const ratio = (...shape: [number, number][]) => ({
    priorities: [
      {
        name: 'R',
        weight: 1,
        argument: {
          requestedToCapacityRatioArguments: {
            shape: shape.map(([utilization, score]) => ({ utilization, score })),
          },
        },
      },
    ],
  });
  const SHAPE = 'priorities.0.argument.requestedToCapacityRatioArguments.shape';
  const rows: [string, object, string[]][] = [
    [
      'an unknown predicate, with the nearest name',
      { predicates: [{ name: 'PodFitsResource' }] },
      ['predicates.0.name: predicate type not found for "PodFitsResource"; did you mean PodFitsResources?'],
    ],
    [
      'an unknown priority',
      { priorities: [{ name: 'Nothing', weight: 1 }] },
      ['priorities.0.name: priority type not found for "Nothing"'],
    ],
    [
      'a predicate that 1.17 no longer has',
      { predicates: [{ name: 'CheckNodeCondition' }] },
      ['predicates.0.name: predicate "CheckNodeCondition" does not exist in 1.17; 1.16 has it'],
    ],
    [
      'a predicate without its argument',
      { predicates: [{ name: 'CheckServiceAffinity' }] },
      ['predicates.0.name: predicate "CheckServiceAffinity" needs an argument'],
    ],
    [
      'an argument that says nothing',
      { predicates: [{ name: 'X', argument: {} }] },
      ['predicates.0.argument: exactly 1 predicate argument is required, found 0'],
    ],
    [
      'a weight of 0',
      { priorities: [{ name: 'LeastRequestedPriority', weight: 0 }] },
      ['priorities.0.weight: a priority must have a positive weight'],
    ],
    [
      'a hard affinity weight above 100',
      { hardPodAffinitySymmetricWeight: 101 },
      ['hardPodAffinitySymmetricWeight: must be in the range 1-100'],
    ],
    [
      'a shape whose utilization does not grow',
      ratio([50, 1], [50, 2]),
      [`${SHAPE}.1.utilization: utilization values must be sorted: 50 is followed by 50`],
    ],
    ['a shape without points', ratio(), [`${SHAPE}: at least one point must be specified`]],
    [
      'a shape score above 10',
      ratio([0, 11]),
      [`${SHAPE}.0.score: score values must not be greater than 10`],
    ],
    [
      'two shapes in 1.17',
      { priorities: [...ratio([0, 1]).priorities, { ...ratio([0, 1]).priorities[0], name: 'S' }] },
      ['priorities.1.argument: priority "S" redeclares "R"'],
    ],
    [
      'label preferences of different weights in 1.17',
      {
        priorities: [
          { name: 'A', weight: 1, argument: { labelPreference: { label: 'a' } } },
          { name: 'B', weight: 2, argument: { labelPreference: { label: 'b' } } },
        ],
      },
      ['priorities.1.weight: labelPreference priority "B" has a different weight than "A"'],
    ],
    [
      'conditions that are no taints in 1.17',
      { featureGates: { TaintNodesByCondition: false } },
      ['featureGates.TaintNodesByCondition: cannot be switched off in 1.17'],
    ],
    ['extenders', { extenders: [{ urlPrefix: 'http://x' }] }, ['extenders: extenders are not modelled']],
  ];
  test.each(rows)('%s', (_, policy, expected) => {
    expect(problemsOf(policy)).toEqual(expected);
  });
});
