import { describe, expect, it } from 'vitest';
import type { Deployment, KubeObject, Toleration } from '../../kube/types.ts';
import { appsWorkload, Bed, template } from '../testing/bed.ts';

const web = (replicas: number, tolerations: Toleration[] = []) =>
  appsWorkload<Deployment>('Deployment', 'web', {
    replicas,
    template: template('web', 'app:1', { tolerations }),
  });

describe('namespaces', () => {
  it('are emptied 5 s after their deletion, pods first, and refuse new content meanwhile', () => {
    const bed = new Bed();
    bed.user.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    bed.user.create({ ...web(2), metadata: { name: 'web', namespace: 'team' } } as Deployment);
    bed.user.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'team' } });
    let refusal = '';
    bed.at(20, () => bed.user.delete({ kind: 'Namespace', name: 'team' }));
    bed.at(21, () =>
      bed.user.create(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'd', namespace: 'team' } },
        (error) => (refusal = error?.message ?? ''),
      ),
    );
    bed.run(200);
    expect(refusal).toMatch(/unable to create new content in namespace team because it is being terminated/);
    expect(bed.times('web').terminating).toEqual([25, 25]);
    expect(bed.get('Namespace', 'team', '')).toBeUndefined();
    expect(
      bed.server.state.kind('ConfigMap').size +
        bed.server.state.kind('Deployment').size +
        bed.server.state.pods.size,
    ).toBe(0);
  });

  // Emptied at 25 s and, as its status changes then, at 30 s; looked at again half a grace period of 30 s and a second
  // later, until no pod is left: at 46 s and 62 s.
  it('keep their other objects until the last pod is gone', () => {
    const bed = new Bed();
    bed.user.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    bed.user.create({ ...web(1), metadata: { name: 'web', namespace: 'team' } } as Deployment);
    const held = { name: 'held', namespace: 'team', finalizers: ['example.com/hold'] };
    bed.user.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: held,
      spec: template('held').spec,
    } as KubeObject);
    bed.at(20, () => bed.user.delete({ kind: 'Namespace', name: 'team' }));
    bed.at(50, () =>
      bed.patch(
        'Pod',
        'held',
        ({ metadata: { finalizers: _, ...metadata }, ...pod }) => ({ ...pod, metadata }),
        'team',
      ),
    );
    bed.run(100);
    expect(bed.times('held').gone).toEqual([50]);
    expect(bed.history('Deployment', ({ ready }) => ready).at(-1)).toBe('62 gone');
    expect(bed.get('Namespace', 'team', '')).toBeUndefined();
  });

  it('that every cluster needs cannot be deleted', () => {
    const bed = new Bed({ nNodes: 0 });
    const codes: (number | undefined)[] = [];
    for (const name of ['default', 'kube-system', 'kube-public'])
      bed.user.delete({ kind: 'Namespace', name }, undefined, (error) => codes.push(error?.code));
    bed.run(1);
    expect(codes).toEqual([403, 403, 403]);
  });
});
