import { describe, expect, it } from 'vitest';
import type { DaemonSet, KubeObject, Pod, ReplicaSet, StatefulSet } from '../../kube/types.ts';
import { appsWorkload, Bed, template, workload } from '../testing/bed.ts';

const replicaSet = (replicas: number) => appsWorkload<ReplicaSet>('ReplicaSet', 'web', { replicas });

function bare(bed: Bed, name: string, app: string): void {
  const metadata = { name, namespace: 'default', labels: { app } };
  bed.user.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: template(app).spec } as KubeObject);
}

function relabel(bed: Bed, name: string, app: string): void {
  bed.patch<Pod>('Pod', name, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, app } },
  }));
}

const ownerOf = (bed: Bed, name: string) => bed.pods((pod) => pod.name === name)[0]?.owner?.name;
const firstOf = (bed: Bed, app: string) => bed.pods((pod) => pod.shape.labels.app === app)[0]!.name;

describe('the pods of a controller', () => {
  it('are those without a controller that it finds, and only the missing ones are created', () => {
    const bed = new Bed();
    bare(bed, 'mine', 'web');
    bare(bed, 'other', 'api');
    bed.at(10, () => bed.user.create(replicaSet(3)));
    bed.run(20);
    expect([ownerOf(bed, 'mine'), ownerOf(bed, 'other')]).toEqual(['web', undefined]);
    expect(bed.pods(({ owner }) => owner?.name === 'web').length).toBe(3);
    expect(bed.get<ReplicaSet>('ReplicaSet', 'web')?.status).toMatchObject({ replicas: 3, readyReplicas: 3 });
  });

  it('are adopted when they come later, one too many then goes', () => {
    const bed = new Bed();
    bed.user.create(replicaSet(2));
    bed.at(10, () => bare(bed, 'late', 'web'));
    bed.run(20);
    // The newcomer does not yet run, so it is the first to go.
    expect(bed.times('late')).toMatchObject({ terminating: [10], gone: [12] });
    expect(bed.pods(({ owner }) => owner?.name === 'web').length).toBe(2);
  });

  it('are let go when their labels change, and replaced', () => {
    const bed = new Bed();
    bed.user.create(replicaSet(2));
    bed.at(10, () => relabel(bed, firstOf(bed, 'web'), 'quarantine'));
    bed.run(20);
    const free = bed.pods(({ shape }) => shape.labels.app === 'quarantine');
    expect(free.map(({ owner, ready }) => [owner, ready])).toEqual([[undefined, true]]);
    expect(bed.times('web').created).toEqual([0, 0, 10]);
  });

  it('stay when their controller goes after it has let them go', () => {
    const bed = new Bed();
    bed.user.create(replicaSet(1));
    bed.at(10, () => relabel(bed, firstOf(bed, 'web'), 'quarantine'));
    bed.at(20, () => bed.user.delete({ kind: 'ReplicaSet', namespace: 'default', name: 'web' }));
    bed.run(40);
    expect(bed.pods().map(({ shape }) => shape.labels.app)).toEqual(['quarantine']);
  });

  it('of a StatefulSet must have its name too', () => {
    const bed = new Bed();
    bare(bed, 'db-0', 'db');
    bare(bed, 'stranger', 'db');
    const set = appsWorkload<StatefulSet>('StatefulSet', 'db', { serviceName: 'db', replicas: 1 });
    bed.at(10, () => bed.user.create(set));
    bed.run(20);
    expect([ownerOf(bed, 'db-0'), ownerOf(bed, 'stranger')]).toEqual(['db', undefined]);
  });

  it('of a DaemonSet that are let go leave a gap on their node', () => {
    const bed = new Bed({ nNodes: 2 });
    bed.user.create(appsWorkload<DaemonSet>('DaemonSet', 'agent', {}));
    bed.at(10, () => relabel(bed, firstOf(bed, 'agent'), 'quarantine'));
    bed.run(20);
    expect(bed.times('agent').created).toEqual([0, 0, 10]);
  });
});

describe('ReplicationController', () => {
  it('keeps pods by a plain selector, its template labels unless it is given', () => {
    const bed = new Bed();
    bed.user.create(workload('v1', 'ReplicationController', 'rc', { replicas: 3, template: template('rc') }));
    bed.at(10, () => bed.user.deletePod(bed.pods()[0]!));
    bed.at(20, () =>
      bed.patch<ReplicaSet>('ReplicationController', 'rc', (rc) => ({
        ...rc,
        spec: { ...rc.spec, replicas: 1 },
      })),
    );
    bed.run(30);
    expect(bed.times('rc')).toMatchObject({ created: [0, 0, 0, 10], terminating: [10, 20, 20] });
    expect(bed.get<ReplicaSet>('ReplicationController', 'rc')?.status).toMatchObject({ replicas: 1 });
  });
});
