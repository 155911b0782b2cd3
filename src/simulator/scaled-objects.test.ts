import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/types.ts';
import { scaledCount, scaledObjects } from './scaled-objects.ts';

const object = (kind: string, spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'x', ...metadata }, spec }) as unknown as KubeObject;

describe('scaledObjects', () => {
  it.each([
    ['a Deployment without replicas has one', object('Deployment', {}), { replicas: 3 }],
    ['a Deployment of two', object('Deployment', { replicas: 2 }), { replicas: 5 }],
    ['a Job', object('Job', { parallelism: 2, completions: 4 }), { parallelism: 5, completions: 10 }],
    ['a DaemonSet follows the nodes', object('DaemonSet', { a: 1 }), { a: 1 }],
  ])('%s', (_, before, spec) => {
    expect(scaledObjects([before], 2.5)).toEqual([{ ...before, spec }]);
  });

  it('copies bare pods under new names, without the node of the original', () => {
    const pods = scaledObjects([object('Pod', { nodeName: 'n' })], 3);
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['x', 'x-copy-1', 'x-copy-2']);
    expect(pods.map((pod) => (pod as unknown as { spec: object }).spec)).toEqual([{ nodeName: 'n' }, {}, {}]);
  });

  it('rounds up, but not what is whole by arithmetic', () => {
    expect([scaledCount(100, 1.1), scaledCount(3, 1.1), scaledCount(0, 5)]).toEqual([110, 4, 0]);
  });
});
