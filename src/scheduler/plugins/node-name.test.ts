import { describe, expect, it } from 'vitest';
import { FilterRun } from '../framework/filter-run.ts';
import { Profile } from '../framework/profile.ts';
import { clusterOf, cycleOf, nodeOf, podOf, probe } from '../testing/plugin-probe.ts';
import { nodeName } from './node-name.ts';

const cluster = clusterOf([nodeOf('a'), nodeOf('b')]);
const profile = new Profile({ schedulerName: 'test', plugins: [nodeName()] });

describe('NodeName', () => {
  it('lets a pod without a node pass everywhere', () => {
    expect(probe(nodeName(), cluster, podOf({})).failed).toEqual({});
  });

  it('lets a pod pass only on the node that it names', () => {
    const code = 'UnschedulableAndUnresolvable';
    expect(probe(nodeName(), cluster, podOf({}, { nodeName: 'b' })).failed).toEqual({
      a: `${code}: node(s) didn't match the requested node name`,
    });
  });

  it('tells which node is to be looked at, even one that does not exist', () => {
    const run = new FilterRun(profile, cycleOf(cluster, podOf({}, { nodeName: 'gone' })));
    expect([...run.outcome.nodeNames!]).toEqual(['gone']);
    expect(new FilterRun(profile, cycleOf(cluster, podOf({}))).outcome.nodeNames).toBeUndefined();
  });
});
