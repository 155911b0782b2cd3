import { expect, it } from 'vitest';
import type { Toleration } from '../../kube/types.ts';
import { clusterOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';

const KEY = 'node.kubernetes.io/unschedulable';
const cluster = clusterOf([nodeOf('open'), nodeOf('cordoned', {}, { unschedulable: true })]);

it.each<[string, Toleration[], boolean]>([
  ['a pod without tolerations does not', [], false],
  ['one that tolerates the cordon does', [{ key: KEY, operator: 'Exists', effect: 'NoSchedule' }], true],
  ['one that tolerates it for any effect does', [{ key: KEY, operator: 'Exists' }], true],
  ['one that tolerates everything does', [{ operator: 'Exists' }], true],
  ['one that tolerates its empty value does', [{ key: KEY, operator: 'Equal', value: '' }], true],
  ['one that tolerates another value does not', [{ key: KEY, operator: 'Equal', value: 'x' }], false],
  [
    'one that tolerates another effect does not',
    [{ key: KEY, operator: 'Exists', effect: 'NoExecute' }],
    false,
  ],
  ['one that tolerates another taint does not', [{ key: 'other', operator: 'Exists' }], false],
])('of pods on a cordoned node, %s', (_, tolerations, passes) => {
  const { failed } = probe(nodeUnschedulable(), cluster, podOf({}, { tolerations }));
  const rejected = { cordoned: 'UnschedulableAndUnresolvable: node(s) were unschedulable' };
  expect(failed).toEqual(passes ? {} : rejected);
});
