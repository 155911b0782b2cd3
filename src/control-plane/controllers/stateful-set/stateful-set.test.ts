import { describe, expect, it } from 'vitest';
import type { PersistentVolumeClaim, StatefulSet, StatefulSetSpec } from '../../../kube/types.ts';
import { appsWorkload, Bed, template } from '../../testing/bed.ts';

function set(replicas: number, spec: Partial<StatefulSetSpec> = {}): StatefulSet {
  return appsWorkload<StatefulSet>('StatefulSet', 'db', { serviceName: 'db', replicas, ...spec });
}

function change(bed: Bed, spec: Partial<StatefulSetSpec>): void {
  bed.patch<StatefulSet>('StatefulSet', 'db', (object) => ({ ...object, spec: { ...object.spec, ...spec } }));
}

const images = (bed: Bed) =>
  bed
    .pods()
    .map((pod) => `${pod.name} ${pod.shape.spec.containers[0]?.image}`)
    .sort();
const setImage = (bed: Bed, image: string) => change(bed, { template: template('db', image) });

function events(bed: Bed): string[] {
  const seen = new Set<unknown>();
  const lines: string[] = [];
  for (const row of bed.recorder.rows) {
    if (row.kind !== 'Pod') continue;
    if (row.gone) lines.push(`${row.t} -${row.name}`);
    else if (!seen.has(row.name)) lines.push(`${row.t} +${row.name}`);
    if (row.gone) seen.delete(row.name);
    else seen.add(row.name);
  }
  return lines;
}

// Pods are ready 5 s after their creation and gone 2 s after their deletion.
describe('StatefulSet', () => {
  it('starts pods in order, each when the one before is ready', () => {
    const bed = new Bed();
    bed.user.create(set(3));
    bed.run(20);
    expect(events(bed)).toEqual(['0 +db-0', '5 +db-1', '10 +db-2']);
  });

  it('starts them together with Parallel', () => {
    const bed = new Bed();
    bed.user.create(set(3, { podManagementPolicy: 'Parallel' }));
    bed.run(20);
    expect(events(bed)).toEqual(['0 +db-0', '0 +db-1', '0 +db-2']);
  });

  it('waits for minReadySeconds before the next', () => {
    const bed = new Bed();
    bed.user.create(set(2, { minReadySeconds: 4 }));
    bed.run(20);
    expect(events(bed)).toEqual(['0 +db-0', '9 +db-1']);
  });

  it('recreates a deleted pod under its name once the old one is gone', () => {
    const bed = new Bed();
    bed.user.create(set(2));
    bed.at(20, () => bed.user.deletePod(bed.pods().find(({ name }) => name === 'db-0')!));
    bed.run(30);
    expect(events(bed).slice(2)).toEqual(['22 -db-0', '22 +db-0']);
  });

  it('deletes a failed pod and starts it again', () => {
    const bed = new Bed();
    bed.user.create(set(1));
    bed.at(20, () => bed.kubelets.finish(bed.pods()[0]!, 'Failed'));
    bed.run(30);
    expect(events(bed).slice(1)).toEqual(['20 -db-0', '20 +db-0']);
  });

  it('scales down from the highest ordinal, one after the other', () => {
    const bed = new Bed();
    bed.user.create(set(3, { podManagementPolicy: 'OrderedReady' }));
    bed.at(20, () => change(bed, { replicas: 1 }));
    bed.run(40);
    expect(events(bed).slice(3)).toEqual(['22 -db-2', '24 -db-1']);
  });

  it('starts numbering where it is told to', () => {
    const bed = new Bed();
    bed.user.create(set(2, { ordinals: { start: 5 } }));
    bed.run(20);
    expect(bed.pods().map(({ name }) => name)).toEqual(['db-5', 'db-6']);
  });

  it('updates from the highest ordinal down, each when the one before is back', () => {
    const bed = new Bed();
    bed.user.create(set(3));
    bed.at(20, () => setImage(bed, 'app:2'));
    bed.run(60);
    expect(events(bed).slice(3)).toEqual([
      '22 -db-2',
      '22 +db-2',
      '29 -db-1',
      '29 +db-1',
      '36 -db-0',
      '36 +db-0',
    ]);
    const { currentRevision, updateRevision } = bed.get<StatefulSet>('StatefulSet', 'db')?.status ?? {};
    expect(currentRevision).toBe(updateRevision);
  });

  it('updates only from the partition on, and brings lower pods back as they were', () => {
    const bed = new Bed();
    bed.user.create(set(3, { podManagementPolicy: 'Parallel' }));
    bed.at(20, () =>
      change(bed, {
        template: template('db', 'app:2'),
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
      }),
    );
    bed.at(40, () => bed.user.deletePod(bed.pods().find(({ name }) => name === 'db-0')!));
    bed.run(60);
    expect(images(bed)).toEqual(['db-0 app:1', 'db-1 app:1', 'db-2 app:2']);
  });

  it('updates several at a time with maxUnavailable', () => {
    const bed = new Bed();
    bed.user.create(
      set(4, {
        podManagementPolicy: 'Parallel',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } },
      }),
    );
    bed.at(20, () => setImage(bed, 'app:2'));
    bed.run(60);
    expect(bed.times('db').terminating).toEqual([20, 20, 27, 27]);
  });

  it('waits for somebody to delete its pods with OnDelete', () => {
    const bed = new Bed();
    bed.user.create(set(2, { podManagementPolicy: 'Parallel', updateStrategy: { type: 'OnDelete' } }));
    bed.at(20, () => setImage(bed, 'app:2'));
    bed.at(30, () => bed.user.deletePod(bed.pods().find(({ name }) => name === 'db-1')!));
    bed.run(50);
    expect(images(bed)).toEqual(['db-0 app:1', 'db-1 app:2']);
  });

  it('stays stuck on a broken update even when it is taken back, until the pod is deleted', () => {
    const bed = new Bed({ kubelet: { neverReady: ['app:bad'] } });
    bed.user.create(set(2));
    bed.at(20, () => setImage(bed, 'app:bad')).at(40, () => setImage(bed, 'app:1'));
    bed.run(100);
    expect(images(bed)).toEqual(['db-0 app:1', 'db-1 app:bad']);
    bed.at(110, () => bed.user.deletePod(bed.pods().find(({ name }) => name === 'db-1')!));
    bed.run(130);
    expect(images(bed)).toEqual(['db-0 app:1', 'db-1 app:1']);
  });

  const claims = (bed: Bed) =>
    [...bed.server.state.kind('PersistentVolumeClaim').values()].map(({ metadata }) => metadata.name);
  const data: Partial<PersistentVolumeClaim> = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };

  it('makes a claim for each pod before the pod, and keeps it when the set shrinks', () => {
    const bed = new Bed();
    bed.user.create(set(2, { volumeClaimTemplates: [data] }));
    bed.at(20, () => change(bed, { replicas: 1 }));
    bed.run(30);
    expect(claims(bed)).toEqual(['data-db-0', 'data-db-1']);
    const [volume] = bed.pods()[0]!.shape.spec.volumes ?? [];
    expect(volume).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } });
  });

  it.each([
    ['whenScaled', (bed: Bed) => change(bed, { replicas: 1 }), ['data-db-0']],
    [
      'whenDeleted',
      (bed: Bed) => bed.user.delete({ kind: 'StatefulSet', namespace: 'default', name: 'db' }),
      [],
    ],
  ] as const)('gives claims up with %s: Delete', (when, act, left) => {
    const bed = new Bed();
    bed.user.create(
      set(2, { volumeClaimTemplates: [data], persistentVolumeClaimRetentionPolicy: { [when]: 'Delete' } }),
    );
    bed.at(20, () => act(bed));
    bed.run(40);
    expect(claims(bed)).toEqual(left);
  });
});
