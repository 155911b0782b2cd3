import { describe, expect, it } from 'vitest';
import type { Node } from '../kube/types.ts';
import { nodeEvents } from './node-events.ts';

function node(conditions: Readonly<Record<string, string>>, unschedulable?: boolean): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n' },
    spec: { unschedulable },
    status: {
      conditions: Object.entries(conditions).map(([type, status]) => ({
        type,
        status,
        reason: `${type}Is${status}`,
      })),
    },
  } as Node;
}

const ready = node({ Ready: 'True', DiskPressure: 'False' });

describe('a node tells', () => {
  it.each([
    ['that it comes, whatever its state', undefined, node({ Ready: 'False' }), ['Added ']],
    ['that it goes', ready, undefined, ['Removed ']],
    ['of no change where there is none', ready, node({ Ready: 'True', DiskPressure: 'False' }), []],
    [
      'that nothing is heard of it',
      ready,
      node({ Ready: 'Unknown', DiskPressure: 'False' }),
      ['NotReady ReadyIsUnknown'],
    ],
    ['nothing new when its kubelet stays lost', node({ Ready: 'Unknown' }), node({ Ready: 'False' }), []],
    ['that it is back', node({ Ready: 'Unknown' }), node({ Ready: 'True' }), ['Ready ReadyIsTrue']],
    [
      'that its disk is full',
      ready,
      node({ Ready: 'True', DiskPressure: 'True' }),
      ['DiskPressure DiskPressureIsTrue'],
    ],
    [
      'that there is room again',
      node({ DiskPressure: 'True' }),
      node({ DiskPressure: 'False' }),
      ['NoDiskPressure DiskPressureIsFalse'],
    ],
    ['that it is cordoned', node({}), node({}, true), ['NotSchedulable ']],
    ['that it is uncordoned', node({}, true), node({}), ['Schedulable ']],
  ])('%s', (_, old, next, expected) => {
    expect(nodeEvents(old, next).map(({ event, detail }) => `${event} ${detail}`)).toEqual(expected);
  });
});
