import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/types.ts';
import type { Scenario } from '../scenario/scenario.ts';
import {
  byFactor,
  byMore,
  canGrow,
  type Growth,
  grownScenario,
  scaledCount,
  workloadsOf,
} from './scaled-objects.ts';

const object = (kind: string, spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind, metadata: { name: 'x', ...metadata }, spec }) as unknown as KubeObject;

const scenario = (objects: KubeObject[], snapshot: KubeObject[] = [], podsOfNodes: string[] = []) =>
  ({ objects, snapshot, podsOfNodes: new Set(podsOfNodes) }) as unknown as Scenario;
const grown = (objects: KubeObject[], growth: Growth) => grownScenario(scenario(objects), growth).objects;

describe('grownScenario', () => {
  it.each([
    ['a Deployment without replicas has one', object('Deployment', {}), { replicas: 3 }],
    ['a Deployment of two', object('Deployment', { replicas: 2 }), { replicas: 5 }],
    ['a Job', object('Job', { parallelism: 2, completions: 4 }), { parallelism: 5, completions: 10 }],
    ['a DaemonSet follows the nodes', object('DaemonSet', { a: 1 }), { a: 1 }],
  ])('%s', (_, before, spec) => {
    expect(grown([before], byFactor(2.5))).toEqual([{ ...before, spec }]);
  });

  it('copies bare pods under new names, without the node of the original', () => {
    const pods = grown([object('Pod', { nodeName: 'n' })], byFactor(3));
    expect(pods.map(({ metadata }) => metadata.name)).toEqual(['x', 'x-copy-1', 'x-copy-2']);
    expect(pods.map((pod) => (pod as unknown as { spec: object }).spec)).toEqual([{ nodeName: 'n' }, {}, {}]);
  });

  it('adds to one workload alone', () => {
    const [web, api] = ['web', 'api'].map((name) => object('Deployment', { replicas: 2 }, { name }));
    const more = byMore({ workload: 'Deployment default/web', nPods: 3 });
    expect(grown([web!, api!], more)).toEqual([{ ...web, spec: { replicas: 5 } }, api]);
  });

  it('creates more of the bare pods of a snapshot, and lets its workloads grow where they are', () => {
    const owned = { ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }] };
    const snapshot = [
      object('Deployment', { replicas: 1 }, { name: 'web' }),
      object('ReplicaSet', { replicas: 1 }, { name: 'web-1', ...owned }),
      object('Pod', { nodeName: 'n' }, { name: 'bare' }),
    ];
    const result = grownScenario(scenario([], snapshot), byFactor(2));
    expect(result.snapshot).toEqual([{ ...snapshot[0], spec: { replicas: 2 } }, snapshot[1], snapshot[2]]);
    expect(result.objects.map(({ metadata }) => metadata.name)).toEqual(['bare-copy-1']);
    expect(workloadsOf(result)).toEqual([
      { name: 'Deployment default/web', nPods: 2 },
      { name: 'Pod default/bare', nPods: 1 },
      { name: 'Pod default/bare-copy-1', nPods: 1 },
    ]);
  });

  it('leaves pods of kubelets and DaemonSets as they are', () => {
    const snapshot = [object('Pod', {}, { name: 'etcd-node-0', namespace: 'kube-system' })];
    const start = scenario([], snapshot, ['kube-system/etcd-node-0']);
    expect(grownScenario(start, byFactor(3)).objects).toEqual([]);
    expect([canGrow(start), workloadsOf(start)]).toEqual([false, []]);
  });

  it.each([
    [true, [object('Pod', {})], []],
    [true, [], [object('Job', {})]],
    [false, [object('DaemonSet', {})], [object('Pod', {}, { ownerReferences: [{}] })]],
  ])('is possible: %s', (expected, objects, snapshot) => {
    expect(canGrow(scenario(objects, snapshot))).toBe(expected);
  });

  it('rounds up, but not what is whole by arithmetic', () => {
    expect([scaledCount(100, 1.1), scaledCount(3, 1.1), scaledCount(0, 5)]).toEqual([110, 4, 0]);
  });
});
