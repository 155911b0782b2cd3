import { describe, expect, it } from 'vitest';
import { hint, node, type PodFields, pod } from '../../testing/hint-fixtures.ts';
import type { EventKind, Subject } from '../cluster-event.ts';

type Row = readonly [
  string,
  string,
  keyof typeof EventKind,
  PodFields,
  Subject,
  Subject,
  boolean | undefined,
];

const noSchedule = (key: string) => ({ taints: [{ key, effect: 'NoSchedule' as const }] });
const tolerates = (key: string) => ({ spec: { tolerations: [{ key, operator: 'Exists' as const }] } });
const wantsZone = (zone: string) => ({ spec: { nodeSelector: { zone } } });
const hostPort = (port: number, extra = {}) => ({
  spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: port }] }] },
  ...extra,
});
const cordoned = node({ spec: { unschedulable: true } });

const ROWS: readonly Row[] = [
  // NodeName, SchedulingGates, DefaultPreemption
  ['NodeName', 'any new node may be the one', 'NodeAdd', {}, node(), undefined, true],
  ['NodeName', 'changed labels are nothing to it', 'NodeLabel', {}, node(), node(), undefined],
  ['SchedulingGates', 'the gates are gone', 'TargetPodGatesEliminated', {}, pod(), pod(), true],
  [
    'DefaultPreemption',
    'a deleted pod is for other plugins to judge',
    'AssignedPodDelete',
    {},
    undefined,
    pod(),
    false,
  ],
  // NodeUnschedulable
  ['NodeUnschedulable', 'a new node', 'NodeAdd', {}, node(), undefined, true],
  ['NodeUnschedulable', 'a new node that is cordoned', 'NodeAdd', {}, cordoned, undefined, false],
  ['NodeUnschedulable', 'an uncordoned node', 'NodeTaint', {}, node(), cordoned, true],
  [
    'NodeUnschedulable',
    'new taints of a node that was never cordoned',
    'NodeTaint',
    {},
    node(),
    node(),
    false,
  ],
  [
    'NodeUnschedulable',
    'the pod now tolerates cordons',
    'TargetPodToleration',
    {},
    pod(tolerates('node.kubernetes.io/unschedulable')),
    pod(),
    true,
  ],
  [
    'NodeUnschedulable',
    'the pod now tolerates something else',
    'TargetPodToleration',
    {},
    pod(tolerates('x')),
    pod(),
    false,
  ],
  // TaintToleration
  ['TaintToleration', 'a new node without taints', 'NodeAdd', {}, node(), undefined, true],
  [
    'TaintToleration',
    'a new node with a taint',
    'NodeAdd',
    {},
    node({ spec: noSchedule('x') }),
    undefined,
    false,
  ],
  [
    'TaintToleration',
    'a new node with a tolerated taint',
    'NodeAdd',
    tolerates('x'),
    node({ spec: noSchedule('x') }),
    undefined,
    true,
  ],
  ['TaintToleration', 'a taint went away', 'NodeTaint', {}, node(), node({ spec: noSchedule('x') }), true],
  [
    'TaintToleration',
    'one of two taints went away',
    'NodeTaint',
    {},
    node({ spec: noSchedule('y') }),
    node({ spec: { taints: [...noSchedule('x').taints, ...noSchedule('y').taints] } }),
    false,
  ],
  [
    'TaintToleration',
    'a taint went away that was tolerated',
    'NodeTaint',
    tolerates('x'),
    node(),
    node({ spec: noSchedule('x') }),
    false,
  ],
  [
    'TaintToleration',
    'a taint that only costs score',
    'NodeAdd',
    {},
    node({ spec: { taints: [{ key: 'x', effect: 'PreferNoSchedule' }] } }),
    undefined,
    true,
  ],
  ['TaintToleration', 'any new toleration', 'TargetPodToleration', {}, pod(), pod(), true],
  // NodeAffinity
  [
    'NodeAffinity',
    'a new node that matches',
    'NodeAdd',
    wantsZone('a'),
    node({ labels: { zone: 'a' } }),
    undefined,
    true,
  ],
  [
    'NodeAffinity',
    'a new node that does not match',
    'NodeAdd',
    wantsZone('a'),
    node({ labels: { zone: 'b' } }),
    undefined,
    false,
  ],
  [
    'NodeAffinity',
    'a node whose labels match now',
    'NodeLabel',
    wantsZone('a'),
    node({ labels: { zone: 'a' } }),
    node(),
    true,
  ],
  [
    'NodeAffinity',
    'a node whose labels matched before',
    'NodeLabel',
    wantsZone('a'),
    node({ labels: { zone: 'a', x: '1' } }),
    node({ labels: { zone: 'a' } }),
    false,
  ],
  // NodePorts
  [
    'NodePorts',
    'a pod with the same host port went',
    'AssignedPodDelete',
    hostPort(80),
    undefined,
    pod(hostPort(80)),
    true,
  ],
  [
    'NodePorts',
    'a pod with another host port went',
    'AssignedPodDelete',
    hostPort(80),
    undefined,
    pod(hostPort(81)),
    false,
  ],
  ['NodePorts', 'a pod without host ports went', 'AssignedPodDelete', hostPort(80), undefined, pod(), false],
  [
    'NodePorts',
    'a pod went that was on no node',
    'AssignedPodDelete',
    hostPort(80),
    undefined,
    pod(hostPort(80, { nodeName: '' })),
    false,
  ],
  [
    'NodePorts',
    'a pod went that was only nominated',
    'AssignedPodDelete',
    hostPort(80),
    undefined,
    pod(hostPort(80, { nodeName: '', nominatedNodeName: 'n' })),
    true,
  ],
  ['NodePorts', 'any new node', 'NodeAdd', hostPort(80), node(), undefined, true],
  // NodeResourcesFit
  ['NodeResourcesFit', 'a bound pod went', 'AssignedPodDelete', {}, undefined, pod(), true],
  [
    'NodeResourcesFit',
    'a pod went that was on no node',
    'AssignedPodDelete',
    {},
    undefined,
    pod({ nodeName: '' }),
    false,
  ],
  [
    'NodeResourcesFit',
    'a new node that is large enough when empty',
    'NodeAdd',
    { cpu: '4' },
    node(),
    undefined,
    true,
  ],
  ['NodeResourcesFit', 'a new node that is too small', 'NodeAdd', { cpu: '5' }, node(), undefined, false],
  [
    'NodeResourcesFit',
    'a new node that takes no pods',
    'NodeAdd',
    {},
    node({ allocatable: { pods: '0' } }),
    undefined,
    false,
  ],
  [
    'NodeResourcesFit',
    'more of what the pod asks for',
    'NodeAllocatable',
    {},
    node({ allocatable: { cpu: '8' } }),
    node(),
    true,
  ],
  [
    'NodeResourcesFit',
    'more of something else',
    'NodeAllocatable',
    {},
    node({ allocatable: { 'x.io/y': '8' } }),
    node(),
    false,
  ],
  [
    'NodeResourcesFit',
    'room for more pods',
    'NodeAllocatable',
    {},
    node({ allocatable: { pods: '20' } }),
    node(),
    true,
  ],
  [
    'NodeResourcesFit',
    'more than before but not enough',
    'NodeAllocatable',
    { cpu: '9' },
    node({ allocatable: { cpu: '8' } }),
    node(),
    false,
  ],
  [
    'NodeResourcesFit',
    'another pod asks for less',
    'AssignedPodScaleDown',
    {},
    pod({ cpu: '1' }),
    pod({ cpu: '2' }),
    true,
  ],
  ['NodeResourcesFit', 'the pod itself asks for less', 'TargetPodScaleDown', {}, pod(), pod(), true],
  ['NodeResourcesFit', 'changed labels are nothing to it', 'NodeLabel', {}, node(), node(), undefined],
];

describe('a pod that waits because of', () => {
  it.each(ROWS)('%s: %s', (plugin, _, kind, waiting, now, before, expected) => {
    expect(hint(plugin, kind, waiting, now, before)).toBe(expected);
  });

  it('NodeAffinity: only the node that it is pinned to', () => {
    const pinned = { pinnedNode: 'n' };
    expect(hint('NodeAffinity', 'NodeAdd', pinned, node({ name: 'n' }))).toBe(true);
    expect(hint('NodeAffinity', 'NodeAdd', pinned, node({ name: 'other' }))).toBe(false);
  });
});
