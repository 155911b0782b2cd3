import { describe, expect, it } from 'vitest';
import type { Job } from '../../kube/types.ts';
import { Bed, template, workload } from '../testing/bed.ts';

describe('resource quotas', () => {
  it('give back what finished and deleted pods used', () => {
    const bed = new Bed({
      kubelet: { startSeconds: 1, readySeconds: 1, runSeconds: 6, terminateSeconds: 1 },
    });
    bed.user.create(workload('v1', 'ResourceQuota', 'q', { hard: { pods: '2', 'requests.cpu': '1' } }));
    const used = () =>
      (bed.get('ResourceQuota', 'q') as unknown as { status?: { used?: object } }).status?.used;
    bed.at(1, () =>
      bed.user.create(
        workload<Job>('batch/v1', 'Job', 'work', {
          completions: 2,
          parallelism: 2,
          template: template('work', 'job:1', { restartPolicy: 'Never' }),
        }),
      ),
    );
    bed.run(7);
    expect(used()).toEqual({ pods: '2', 'requests.cpu': '200m' });
    bed.run(9);
    expect(used()).toEqual({ pods: '0', 'requests.cpu': '0' });
  });

  const usedOf = (bed: Bed) =>
    (bed.get('ResourceQuota', 'q') as unknown as { status?: { used?: object } }).status?.used;
  const service = (name: string, type = 'ClusterIP') =>
    workload('v1', 'Service', name, {
      type,
      selector: { app: 'web' },
      ports: [
        { name: 'http', port: 80 },
        { name: 'https', port: 443 },
      ],
    });
  const claim = (name: string, storage: string) =>
    workload('v1', 'PersistentVolumeClaim', name, {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage } },
    });
  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
  const deployment = (name: string) =>
    workload('apps/v1', 'Deployment', name, {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: template(name),
    });

  it.each([
    ['services', '1', [service('a'), service('b')]],
    ['services.nodeports', '3', [service('a', 'NodePort'), service('b', 'NodePort')]],
    ['services.loadbalancers', '1', [service('a', 'LoadBalancer'), service('b', 'LoadBalancer')]],
    ['count/deployments.apps', '1', [deployment('a'), deployment('b')]],
    ['persistentvolumeclaims', '1', [claim('a', '1Gi'), claim('b', '1Gi')]],
    ['requests.storage', '3Gi', [claim('a', '2Gi'), claim('b', '2Gi')]],
    ['fast.storageclass.storage.k8s.io/requests.storage', '3Gi', [claim('a', '2Gi'), claim('b', '2Gi')]],
    ['configmaps', '1', [configMap('a'), configMap('b')]],
  ] as const)(
    'count %s, refuse what is beyond, and take it when there is room again',
    (name, limit, objects) => {
      const bed = new Bed({ nNodes: 0 });
      bed.user.create(workload('v1', 'ResourceQuota', 'q', { hard: { [name]: limit } }));
      const outcomes: string[] = [];
      const create = (object: (typeof objects)[number]) =>
        bed.user.create(object, (error) =>
          outcomes.push(error ? error.message.replace(/^.*?forbidden: /, '') : 'ok'),
        );
      const [first, second] = objects;
      const { kind } = first;
      bed.at(1, () => create(first)).at(2, () => create(second));
      bed.at(3, () =>
        bed.patch(kind, 'a', ({ metadata: { finalizers: _, ...metadata }, ...object }) => ({
          ...object,
          metadata,
        })),
      );
      bed.at(4, () => bed.user.delete({ kind, namespace: 'default', name: 'a' })).at(6, () => create(second));
      bed.run(10);
      expect(outcomes).toEqual([
        'ok',
        expect.stringContaining(`exceeded quota: q, requested: ${name}=`),
        'ok',
      ]);
      expect(Object.keys(usedOf(bed)!)).toEqual([name]);
    },
  );

  it('with scopes are about pods alone', () => {
    const bed = new Bed({ nNodes: 0 });
    bed.user.create(workload('v1', 'ResourceQuota', 'q', { hard: { pods: '1' }, scopes: ['BestEffort'] }));
    let outcome = '';
    bed.at(1, () => bed.user.create(service('a'), (error) => (outcome = error?.message ?? 'ok')));
    bed.run(2);
    expect(outcome).toBe('ok');
  });
});
