import { describe, expect, it } from 'vitest';
import type { Deployment, Node, Taint, Toleration } from '../../kube/types.ts';
import { RandomStreams } from '../../sim/random-streams.ts';
import { CALIBRATED, calibratedLatency } from '../latency.ts';
import { appsWorkload, Bed, template } from '../testing/bed.ts';

const web = (replicas: number, tolerations: Toleration[] = []) =>
  appsWorkload<Deployment>('Deployment', 'web', {
    replicas,
    template: template('web', 'app:1', { tolerations }),
  });

describe('pod garbage collection', () => {
  it('keeps as many finished pods as allowed, evicted and oldest ones go first, every 20 s', () => {
    const bed = new Bed({
      controllers: { nTerminatedPodsMax: 2 },
      kubelet: { startSeconds: 0, readySeconds: 0, runSeconds: 1 },
    });
    const shape = {
      namespace: 'default',
      labels: {},
      spec: { restartPolicy: 'Never' as const, containers: [{ name: 'c', image: 'i' }] },
    };
    for (const name of ['a', 'b', 'c', 'd'])
      bed.at(name.charCodeAt(0) - 96, () => bed.user.createPod({ shape, name }));
    bed.at(10, () =>
      bed.user.patchPodStatus(
        bed.pods()[2]!,
        (pod) => Object.assign(pod.draft(), { reason: 'Evicted' }),
        undefined,
      ),
    );
    bed.run(19.9);
    expect(bed.pods()).toHaveLength(4);
    bed.run(20);
    expect(bed.pods().map(({ name }) => name)).toEqual(['b', 'd']);
  });

  it('asks for each deletion once, however long its client makes them wait', () => {
    const latency = calibratedLatency(new RandomStreams(1), CALIBRATED);
    const kubelet = { startSeconds: 0, readySeconds: 0, runSeconds: 1 };
    const bed = new Bed({ latency, kubelet, controllers: { nTerminatedPodsMax: 100 } });
    const shape = {
      namespace: 'default',
      labels: {},
      spec: { restartPolicy: 'Never' as const, containers: [{ name: 'c', image: 'i' }] },
    };
    for (let i = 0; i < 700; i++) bed.user.createPod({ shape, name: `pod-${i}` });
    // 30 at once and 20 a second from then on: it takes longer than the 20 s until the next pass.
    bed.run(100);
    expect(bed.pods()).toHaveLength(100);
    // The kubelets of this bed delete what they see terminating, too.
    expect(bed.server.load().requests.get('delete Pod')).toBe(2 * 600);
  });

  it('removes pods of a node that is gone, at the second pass after 40 s', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.user.create(web(2));
    bed.at(25, () => bed.user.delete({ kind: 'Node', name: 'node-1' }));
    bed.run(200);
    // Gone at 25 s, noticed by the pass at 40 s, still missing at 80 s.
    expect(bed.times('web')).toMatchObject({ created: [0, 0, 80], gone: [80] });
  });

  it('removes pods that are stuck on a node out of service', () => {
    const bed = new Bed({ nNodes: 3, zones: ['a', 'b', 'c'] });
    bed.user.create(web(3));
    bed.at(31, () => bed.kubelets.stop('node-1'));
    bed.at(400, () => {
      bed.patch<Node>(
        'Node',
        'node-1',
        (node) => {
          const taint: Taint = {
            key: 'node.kubernetes.io/out-of-service',
            value: 'nodeshutdown',
            effect: 'NoExecute',
          };
          return { ...node, spec: { ...node.spec, taints: [...(node.spec?.taints ?? []), taint] } };
        },
        '',
      );
    });
    bed.run(390);
    expect(bed.pods(({ terminating }) => terminating)).toHaveLength(1);
    bed.run(420);
    expect(bed.times('web').gone).toEqual([400]);
  });
});
