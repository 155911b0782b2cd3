import { expect, it } from 'vitest';
import { clusterOf, cycleOf, podOf } from '../testing/plugin-probe.ts';
import { schedulingGates } from './scheduling-gates.ts';

const cluster = clusterOf([]);
const ask = (...gates: string[]) =>
  schedulingGates().preEnqueue!(
    cycleOf(cluster, podOf({}, { schedulingGates: gates.map((name) => ({ name })) })).pod,
  );

it('lets pods without gates into the queue', () => {
  expect(ask()).toBeUndefined();
  expect(schedulingGates().preEnqueue!(cycleOf(cluster, podOf({})).pod)).toBeUndefined();
});

it('keeps others out and names their gates in order', () => {
  expect(ask('b', 'a')).toEqual({
    plugin: 'SchedulingGates',
    code: 'UnschedulableAndUnresolvable',
    reasons: ['waiting for scheduling gates: [b a]'],
  });
});
