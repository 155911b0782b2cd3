import { describe, expect, it } from 'vitest';
import type { TopologySpreadConstraint } from '../../../kube/types.ts';
import { hint, node, type PodFields, pod } from '../../testing/hint-fixtures.ts';
import type { EventKind, Subject } from '../cluster-event.ts';

type Row = readonly [string, keyof typeof EventKind, PodFields, Subject, Subject, boolean | undefined];

const app = (name: string, extra: PodFields = {}) => pod({ labels: { app: name }, ...extra });
const ofApp = (name: string) => ({ labelSelector: { matchLabels: { app: name } } });

const spread = (extra: Partial<TopologySpreadConstraint> = {}): PodFields => ({
  labels: { app: 'x' },
  spec: {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', ...ofApp('x'), ...extra },
    ],
  },
});

const required = (kind: 'podAffinity' | 'podAntiAffinity', term: object = ofApp('x')): PodFields => ({
  labels: { app: 'x' },
  spec: {
    affinity: {
      [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', ...term }] },
    },
  },
});
const affine = required('podAffinity');
const averse = required('podAntiAffinity');
const inZone = (zone: string, extra: object = {}) => node({ labels: { zone }, ...extra });
const taint = { taints: [{ key: 'k', effect: 'NoSchedule' as const }] };
const honoring = spread({ nodeTaintsPolicy: 'Honor' });
const tolerant = pod({ spec: { tolerations: [{ key: 'k', operator: 'Exists' }] } });

const SPREAD: readonly Row[] = [
  ['a pod came that the constraint counts', 'AssignedPodAdd', spread(), app('x'), undefined, true],
  ['a pod came that it does not count', 'AssignedPodAdd', spread(), app('y'), undefined, false],
  [
    'a pod came in another namespace',
    'AssignedPodAdd',
    spread(),
    app('x', { namespace: 'o' }),
    undefined,
    false,
  ],
  ['a pod that it counted went', 'AssignedPodDelete', spread(), undefined, app('x'), true],
  [
    'a pod went that was on no node',
    'AssignedPodDelete',
    spread(),
    undefined,
    app('x', { nodeName: '' }),
    false,
  ],
  ['a pod is counted by its new labels', 'AssignedPodLabel', spread(), app('x'), app('y'), true],
  [
    'labels changed that do not matter',
    'AssignedPodLabel',
    spread(),
    pod({ labels: { app: 'x', v: '2' } }),
    app('x'),
    false,
  ],
  ['the pod itself is counted no more', 'TargetPodLabel', spread(), app('y'), app('x'), true],
  [
    'the pod itself changed a label that does not matter',
    'TargetPodLabel',
    spread(),
    pod({ labels: { app: 'x', v: '2' } }),
    app('x'),
    false,
  ],
  ['the pod tolerates more and taints count', 'TargetPodToleration', honoring, tolerant, pod(), true],
  ['the pod tolerates more and taints do not count', 'TargetPodToleration', spread(), tolerant, pod(), false],
  [
    'only soft constraints: a pod cannot have been rejected by them',
    'AssignedPodAdd',
    spread({ whenUnsatisfiable: 'ScheduleAnyway' }),
    app('x'),
    undefined,
    false,
  ],
  ['a new node with the key', 'NodeAdd', spread(), inZone('a'), undefined, true],
  ['a new node without the key', 'NodeAdd', spread(), node(), undefined, false],
  ['a node with the key went', 'NodeDelete', spread(), undefined, inZone('a'), true],
  ['a node got the key', 'NodeLabel', spread(), inZone('a'), node(), true],
  ['a node moved to another domain', 'NodeLabel', spread(), inZone('a'), inZone('b'), true],
  [
    'a node changed another label',
    'NodeLabel',
    spread(),
    node({ labels: { zone: 'a', x: '1' } }),
    inZone('a'),
    false,
  ],
  ['a node changed its taints', 'NodeTaint', spread(), inZone('a'), inZone('a', { spec: taint }), true],
  ['a node without the key changed its taints', 'NodeTaint', spread(), node(), node({ spec: taint }), false],
  [
    'no constraint of its own: the defaults may count anything',
    'AssignedPodAdd',
    {},
    app('y'),
    undefined,
    true,
  ],
  [
    'the selector is narrowed by matchLabelKeys',
    'AssignedPodAdd',
    { ...spread({ matchLabelKeys: ['v'] }), labels: { app: 'x', v: '1' } },
    pod({ labels: { app: 'x', v: '2' } }),
    undefined,
    false,
  ],
];

const AFFINITY: readonly Row[] = [
  ['a pod came that it wants to be near', 'AssignedPodAdd', affine, app('x'), undefined, true],
  ['a pod came that it does not care for', 'AssignedPodAdd', affine, app('y'), undefined, false],
  ['a pod came that it would rather avoid', 'AssignedPodAdd', averse, app('x'), undefined, false],
  [
    'a pod came that matches one of two terms',
    'AssignedPodAdd',
    {
      spec: {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'zone', ...ofApp('x') },
              { topologyKey: 'zone', ...ofApp('y') },
            ],
          },
        },
      },
    },
    app('x'),
    undefined,
    false,
  ],
  ['a pod that it avoids went', 'AssignedPodDelete', averse, undefined, app('x'), true],
  ['a pod that avoids it went', 'AssignedPodDelete', { labels: { app: 'x' } }, undefined, pod(averse), true],
  ['an indifferent pod went', 'AssignedPodDelete', averse, undefined, app('y'), false],
  ['a pod that it wants to be near went', 'AssignedPodDelete', affine, undefined, app('x'), false],
  ['a pod is wanted by its new labels', 'AssignedPodLabel', affine, app('x'), app('y'), true],
  ['a pod is not avoided any more', 'AssignedPodLabel', averse, app('y'), app('x'), true],
  ['a pod is avoided now', 'AssignedPodLabel', averse, app('x'), app('y'), false],
  ['its own labels changed', 'TargetPodLabel', affine, pod(), pod(), true],
  ['a new node with the key', 'NodeAdd', affine, inZone('a'), undefined, true],
  ['a new node without the key', 'NodeAdd', affine, node(), undefined, false],
  ['any new node, for a pod with anti-affinity', 'NodeAdd', averse, node(), undefined, true],
  ['a node got the key', 'NodeLabel', affine, inZone('a'), node(), true],
  ['a node lost the key', 'NodeLabel', affine, node(), inZone('a'), false],
  ['a node lost the key, for a pod with anti-affinity', 'NodeLabel', averse, node(), inZone('a'), true],
  ['a node got the key, for a pod with anti-affinity', 'NodeLabel', averse, inZone('a'), node(), false],
  ['a node moved to another domain', 'NodeLabel', affine, inZone('a'), inZone('b'), true],
  [
    'a pod of a selected namespace: the hint does not know its labels',
    'AssignedPodAdd',
    required('podAffinity', { ...ofApp('x'), namespaceSelector: { matchLabels: { team: 'a' } } }),
    app('x'),
    undefined,
    false,
  ],
  [
    'a pod of any namespace',
    'AssignedPodAdd',
    required('podAffinity', { ...ofApp('x'), namespaceSelector: {} }),
    app('x', { namespace: 'o' }),
    undefined,
    true,
  ],
];

describe('a pod that waits because of', () => {
  it.each(SPREAD)('PodTopologySpread: %s', (_, kind, waiting, now, before, expected) => {
    expect(hint('PodTopologySpread', kind, waiting, now, before)).toBe(expected);
  });

  it.each(AFFINITY)('InterPodAffinity: %s', (_, kind, waiting, now, before, expected) => {
    expect(hint('InterPodAffinity', kind, waiting, now, before)).toBe(expected);
  });
});
