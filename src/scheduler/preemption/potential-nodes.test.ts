import { expect, test } from 'vitest';
import { unresolvable, unschedulable } from '../framework/status.ts';
import { clusterOf, nodeOf } from '../testing/plugin-probe.ts';
import { codeOf, potentialNodes } from './potential-nodes.ts';

const { order } = clusterOf([nodeOf('a'), nodeOf('b'), nodeOf('c')]);
const full = unschedulable('Fit', 'full');
const never = unresolvable('Fit', 'never');
const diagnosis = (nodeStatus: [number, typeof full][], absentStatus?: typeof full) => ({
  nNodes: 3,
  nodeStatus: new Map(nodeStatus),
  absentStatus,
  preFilterMessage: '',
  postFilterMessage: '',
});

test('are those that removing pods may help, in the order in which the filters saw them', () => {
  expect(
    potentialNodes(
      diagnosis([
        [2, full],
        [1, never],
        [0, full],
      ]),
      order,
    ),
  ).toEqual([2, 0]);
});

test('are all nodes in walk order if the pod was rejected before, for a reason that pods can be removed for', () => {
  expect(potentialNodes(diagnosis([], full), order)).toEqual([0, 1, 2]);
  expect(potentialNodes(diagnosis([], never), order)).toEqual([]);
});

test('a node that was never asked counts as hopeless', () => {
  expect(codeOf(1, diagnosis([[0, full]]))).toBe('UnschedulableAndUnresolvable');
});
