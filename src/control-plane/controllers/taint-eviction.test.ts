import { describe, expect, it } from 'vitest';
import type { PodObject } from '../../kube/pod-object.ts';
import type { Deployment, Node, Taint, Toleration } from '../../kube/types.ts';
import { appsWorkload, Bed, template } from '../testing/bed.ts';
import { tolerationSeconds } from './taint-eviction.ts';

const web = (replicas: number, tolerations: Toleration[] = []) =>
  appsWorkload<Deployment>('Deployment', 'web', {
    replicas,
    template: template('web', 'app:1', { tolerations }),
  });

const setTaints = (bed: Bed, name: string, ...taints: Taint[]) =>
  bed.patch<Node>('Node', name, (node) => ({ ...node, spec: { ...node.spec, taints } }), '');

describe('taint eviction', () => {
  const M: Taint = { key: 'm', value: '1', effect: 'NoExecute' };
  const forSeconds = (seconds: number): Toleration => ({
    key: 'm',
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: seconds,
  });

  it.each([
    ['no toleration', [], 0],
    ['one without seconds', [{ key: 'm', operator: 'Exists' }], Number.POSITIVE_INFINITY],
    ['one with seconds', [forSeconds(15)], 15],
    ['negative seconds', [forSeconds(-5)], 0],
    ['another value', [{ key: 'm', value: '2' }], 0],
  ] as const)('lets a pod with %s stay for so many seconds', (_title, tolerations, seconds) => {
    const pod = { shape: { spec: { tolerations } } } as unknown as PodObject;
    expect(tolerationSeconds(pod, [M])).toBe(seconds);
  });

  it('takes the shortest of all taints', () => {
    const tolerations = [forSeconds(15), { key: 'n', operator: 'Exists', tolerationSeconds: 5 }];
    const pod = { shape: { spec: { tolerations } } } as unknown as PodObject;
    expect(tolerationSeconds(pod, [M, { key: 'n', effect: 'NoExecute' }])).toBe(5);
  });

  it('evicts at once without a toleration, later with one, and not when the taint goes in time', () => {
    const run = (tolerations: Toleration[], until: number) => {
      const bed = new Bed({ nNodes: 1 });
      bed.user.create(web(1, tolerations));
      bed.at(10, () => setTaints(bed, 'node-0', M)).at(until, () => setTaints(bed, 'node-0'));
      return bed.run(60).times('web').terminating;
    };
    expect([run([], 30), run([forSeconds(15)], 30), run([forSeconds(15)], 20)]).toEqual([[10], [25], []]);
  });

  it('lets a delay that has begun run to its end, even if a shorter one begins', () => {
    const bed = new Bed({ nNodes: 1 });
    bed.user.create(web(1, [forSeconds(30), { ...forSeconds(12), key: 'n' }]));
    bed
      .at(10, () => setTaints(bed, 'node-0', M))
      .at(15, () => setTaints(bed, 'node-0', M, { ...M, key: 'n' }));
    expect(bed.run(60).times('web').terminating[0]).toBe(40);
  });

  it('marks pods that are being deleted too, at once or when their delay is over', () => {
    const marked = (tolerations: Toleration[]) => {
      const bed = new Bed({ nNodes: 1, kubelet: { terminateSeconds: 20 } });
      const { spec } = template('a', 'app:1', { tolerations });
      bed.user.createPod({ name: 'a', shape: { namespace: 'default', labels: {}, spec } });
      bed.at(10, () => bed.user.deletePod(bed.pods()[0]!)).at(12, () => setTaints(bed, 'node-0', M));
      bed.run(60);
      return bed
        .history('Pod', ({ terminating, disruption }) => `${terminating} ${disruption ?? ''}`)
        .slice(-3);
    };
    const story = (seconds: number) => ['10 "true "', `${seconds} "true DeletionByTaintManager"`, '30 gone'];
    expect([marked([]), marked([forSeconds(5)])]).toEqual([story(12), story(17)]);
  });
});
